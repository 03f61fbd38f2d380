import FleetModel
import SSHClient

extension ControlNodeFiles {
  /// The bastion in front of a node; `nil`: there is none.
  ///
  /// - Parameter identities: what the bastion is entered with.
  func jump(to node: NodeSpec, _ identities: [SSHIdentity]) throws -> SSHJump? {
    guard let jump = node.ssh.proxyJump else { return nil }
    let policy: SSHHostKeyPolicy =
      jump.hostKeys.isEmpty
      ? try knownHosts().map { .knownHosts($0) } ?? .pinned([])
      : .pinned(try jump.hostKeys.map { try SSHPublicKey(authorizedKeysLine: $0) })
    return SSHJump(
      destination: SSHDestination(host: jump.address, port: jump.port, user: jump.user), hostKeys: policy,
      identities: identities)
  }
}
