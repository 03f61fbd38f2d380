import FleetApply
import FleetModel
import FleetReconcile
import FoundationEssentials
import NIOCore
import SSHClient

extension ControlNodeFiles {
  /// Asks the node for its host keys and puts those beside them that are known. Nobody logs in to it.
  ///
  /// - Parameter bastionIdentities: what a bastion in front of the node is entered with.
  func review(
    of node: NodeSpec, bastionIdentities: [SSHIdentity], on group: any EventLoopGroup
  ) async throws -> HostKeyReview {
    let known: [SSHPublicKey]
    if node.hostKeys.isEmpty {
      known = try knownHosts()?.keys(host: node.address, port: node.ssh.port) ?? []
    } else {
      known = try node.hostKeys.map { try SSHPublicKey(authorizedKeysLine: $0) }
    }
    let destination = SSHDestination(host: node.address, port: node.ssh.port, user: node.ssh.user)
    let jump = try jump(to: node, bastionIdentities)
    let offered: [SSHPublicKey]
    do throws(SSHError) {
      offered = try await SSHConnection.hostKeys(of: destination, through: jump, on: group)
    } catch {
      let failure = NodeFailure(connecting: error, to: node.name)
      throw RunFailure("\(node.name): \(failure.message)", next: failure.next)
    }
    return HostKeyReview(
      node: node, source: node.hostKeys.isEmpty ? .knownHosts(knownHostsPath) : .inventory, known: known,
      offered: offered)
  }

  /// Makes `key` the node's one key in fleetd's known_hosts file; of a pinned one, prints what the inventory shall say.
  /// Whether all of that was written.
  func trust(_ key: SSHPublicKey, by review: HostKeyReview) throws -> Bool {
    let node = review.node
    switch review.source {
    case .inventory:
      Console.note("\(node.name) is pinned in the inventory (\(node.mark)), which fleetd never writes; put this there:")
      return Console.result(HostKeyReview.inventoryLines(pinning: key).joined(separator: "\n") + "\n")
    case .knownHosts(let path):
      do {
        try FileManager.default.createDirectory(
          at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
        try SSHKnownHostsFile(path: path).add([key], host: node.address, port: node.ssh.port, replacing: true)
      } catch {
        throw RunFailure("the key is not trusted: \(error)", next: "may this account write \(path)?")
      }
      Console.note("\(path): \(key) is trusted as \(node.name) (\(node.address))")
      return true
    }
  }
}
