import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import NIOCore
import NIOPosix
import SSHClient

/// `fleetd trust`: takes a node's host key for the right one, once somebody has compared it.
struct Trust: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a node's host key, old and new, and trust it once somebody has compared it.",
    discussion: """
      Compare the fingerprint with the one on the node's own console. What is then trusted is written to fleetd's \
      known_hosts file; for a node with spec.hostKeys, the lines for the inventory are printed.

      Without a terminal nobody can be asked: give the fingerprint that the node's console shows with --fingerprint.

      EXIT CODES
        0    the key is trusted, or was before
        1    it is not: nobody agreed, or the node could not be asked
        64   wrong usage
        130  interrupted
      """)

  @Argument(help: "The node.", completion: NodeNames.completion)
  var node: String

  @Option(help: ArgumentHelp("Trust the key with this fingerprint, without asking.", valueName: "SHA256:…"))
  var fingerprint: String?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard fingerprint?.hasPrefix("SHA256:") != false else {
      throw ValidationError("--fingerprint takes what ssh-keygen -l prints: SHA256:…")
    }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    let node = try workspace.fleet.require(node)
    let files = ControlNodeFiles(workspace.configuration)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let review: HostKeyReview
    do {
      let identities =
        node.ssh.proxyJump == nil
        ? [] : try await Wiring(configuration: workspace.configuration, group: group).identities()
      review = try await files.review(of: node, bastionIdentities: identities, on: group)
      try await group.shutdownGracefully()
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
    guard Console.result(review.lines.joined(separator: "\n") + "\n") else { return .failed }
    if review.isSettled {
      Console.note("\(node.name) is known by the key that it offers; there is nothing to do")
      return .inSync
    }
    guard let key = try HostKeyConsent(review).answer(fingerprint: fingerprint) else { return .failed }
    return try files.trust(key, by: review) ? .inSync : .failed
  }
}
