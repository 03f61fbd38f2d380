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
    let tokens = await tokens(over: links)
    for link in links { await link.close() }
    try await group.shutdownGracefully()
    return try keep(tokens.get(), TokenStore(wiring.state, of: workspace.fleet.name))
  }

  /// Of every server that answers, when it was written, the newest first. Not empty.
  private func tokens(
    over links: [NodeLink]
  ) async -> Result<[(node: String, token: Secret, writtenAt: Int)], RunFailure> {
    var tokens: [(node: String, token: Secret, writtenAt: Int)] = []
    var last = RunFailure("no server could be asked")
    for link in links {
      do throws(NodeFailure) {
        let (token, writtenAt) = try await ClusterObserver([link]).token()
        tokens.append((link.node, token, writtenAt))
      } catch {
        last = RunFailure(error.message, next: error.next)
      }
    }
    return tokens.isEmpty ? .failure(last) : .success(tokens.sorted { $0.writtenAt > $1.writtenAt })
  }

  private func keep(
    _ tokens: [(node: String, token: Secret, writtenAt: Int)], _ store: TokenStore
  ) throws -> FleetModel.ExitCode {
    let own = K3sToken.own
    let vaults = tokens.map { K3sToken.bare(SecretVault().holding($0.token, as: own), own) }
    guard let secret = vaults.first?[own] else { return .failed }
    try store.keep(secret, as: .current)
    // What a rotation had begun with is not the cluster's.
    try store.remove(.next)
    let isMixed = Set(vaults.map { K3sToken.digest(of: own, in: $0) }).count > 1
    if isMixed {
      // As a rotation leaves it half-way.
      try store.setRotating(to: K3sToken.digest(of: own, in: vaults[0]))
      Console.note(
        "the servers do not agree: it is the newest, of \(tokens[0].node)\n  = fleetd token rotate gives it to the others"
      )
    }
    return Console.result("\(store.path(of: .current)) holds the cluster's token\n") ? .inSync : .failed
  }
}
