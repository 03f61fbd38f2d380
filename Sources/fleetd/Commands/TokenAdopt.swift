import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import NIOCore
import NIOPosix

/// `fleetd token adopt`: the token of a cluster that lives, kept on this control node.
struct TokenAdopt: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: "Fetch the cluster's own token from a server, and keep it on this control node.",
    discussion: """
      For a fleet whose inventory names no secret under k3s.token, when the control node lost the token or never had it. \
      Nothing is changed on a node.

      EXIT CODES
        0    it is kept here
        1    no server answered, or the inventory names a secret: put it there yourself
        64   wrong usage
        130  interrupted
      """)

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    guard let k3s = workspace.fleet.k3s, !workspace.fleet.servers.isEmpty else {
      throw RunFailure("the fleet \(workspace.fleet.name) has no k3s server")
    }
    guard k3s.token == K3sToken.own else {
      throw RunFailure(
        "the inventory names the secret \(k3s.token.name): fleetd keeps no token beside it",
        next: "put the cluster's token into it: cut -d: -f4 \(K3sPaths.serverToken) on a server")
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let wiring = Wiring(configuration: workspace.configuration, group: group)
    let links = try await wiring.links(to: workspace.fleet.servers)
    let fetched: Result<Secret, NodeFailure>
    do throws(NodeFailure) {
      fetched = .success(try await ClusterObserver(links).token())
    } catch {
      fetched = .failure(error)
    }
    for link in links { await link.close() }
    try await group.shutdownGracefully()
    switch fetched {
    case .failure(let failure): throw RunFailure(failure.message, next: failure.next)
    case .success(let token):
      let own = K3sToken.own
      let store = TokenStore(wiring.state, of: workspace.fleet.name)
      let bare = K3sToken.bare(SecretVault().holding(token, as: own), own)
      if let secret = bare[own] { try store.keep(secret, as: .current) }
      return Console.result("\(store.path(of: .current)) holds the cluster's token\n") ? .inSync : .failed
    }
  }
}
