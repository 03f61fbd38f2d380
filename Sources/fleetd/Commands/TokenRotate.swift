import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import NIOCore
import NIOPosix

/// `fleetd token rotate`: the cluster gets a new token, then every node in its turn.
struct TokenRotate: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Give the cluster a new token, then every node in its turn. Goes on where an earlier run stood.",
    discussion: """
      Where fleetd keeps the token it makes the new one. Where the inventory names a secret, put the new token into that \
      secret first: it is what the cluster gets.

      A server is told, which encrypts the datastore anew; then k3s is restarted on the servers one after the other, and \
      on the agents, as in any roll-out. Both tokens are kept until the last node has the new one. Snapshots that were \
      taken before are restored with the token beside them.

      EXIT CODES
        0    every node has it
        1    it was refused, nobody agreed, a step failed, or a node was away: the same command goes on
        64   wrong usage
        130  interrupted
      """)

  static let interruptionNote: String? = "fleetd token rotate goes on where it stood"

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    guard let k3s = workspace.fleet.k3s else { throw RunFailure("the fleet \(workspace.fleet.name) has no k3s") }
    let lock = try RunLock(in: StateDirectory.path(workspace.configuration), of: workspace.fleet.name)
    defer { lock.release() }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let wiring = Wiring(configuration: workspace.configuration, group: group)
    try RestoreJournal.requireNone(of: workspace.fleet.name, in: wiring.state)
    let store = TokenStore(wiring.state, of: workspace.fleet.name)
    let next = try await next(k3s, wiring, store)
    let progress = Progress(shared)
    let pass = try await wiring.pass(
      over: workspace.fleet, revision: .unknown("not needed"), selection: .all,
      holder: RunLock.holder(of: workspace.fleet.name), rotatingTo: next, progress: progress.sink)
    let result: Result<FleetModel.ExitCode, RunFailure>
    do throws(RunFailure) {
      result = .success(try await rotate(TokenRotator(pass, store, to: next), store, progress))
    } catch {
      result = .failure(error)
    }
    await pass.close()
    try await group.shutdownGracefully()
    return try result.get()
  }

  private func next(_ k3s: K3sSettings, _ wiring: Wiring, _ store: TokenStore) async throws -> Secret {
    guard k3s.token != K3sToken.own else { return try TokenRotator.next(in: store) }
    guard let secret = try await wiring.secret(k3s.token) else {
      throw RunFailure(
        "the secret \(k3s.token.name) is not defined on this control node", next: "it must hold the new token")
    }
    return K3sToken.bare(SecretVault().holding(secret, as: k3s.token), k3s.token)[k3s.token] ?? secret
  }

  private func rotate(
    _ rotator: TokenRotator, _ store: TokenStore, _ progress: Progress
  ) async throws(RunFailure) -> FleetModel.ExitCode {
    let rotation: TokenRotation
    do throws(TokenRotation.Refusal) {
      rotation = try await progress.showing { await rotator.rotation() }.get()
    } catch {
      let lines = error.reasons.map { "  \($0.message)" + ($0.next.map { "\n    = \($0)" } ?? "") }
      Console.note("the token is not rotated:\n" + lines.joined(separator: "\n"))
      return .failed
    }
    let nodes = rotation.plan.nodes.filter { !$0.actionable.isEmpty }.map(\.node)
    if rotation.isClusterTold, nodes.isEmpty, rotation.missing.isEmpty, store.rotatingTo == nil {
      return Console.result("every node has the token already; to have another one, change the secret first\n")
        ? .inSync : .failed
    }
    guard isAgreed(to: rotation, nodes) else {
      Console.note("nothing was changed")
      return .failed
    }
    try await rotator.tellCluster(rotation)
    let report = await progress.showing { await rotator.tellNodes(rotation) }
    let lagging = try rotator.end(after: report)
    guard lagging.isEmpty else {
      let why = report.results.compactMap { result -> String? in
        if case .failed(let failure) = result.outcome {
          "  \(result.node): \(failure.step): \(failure.failure.message)"
        } else {
          nil
        }
      }
      Console.note(
        (["the cluster has its new token; these nodes still have the previous one: \(lagging.joined(separator: ", "))"]
          + why)
          .joined(separator: "\n") + "\n  = fleetd token rotate goes on")
      return .failed
    }
    return Console.result("every node has the new token; the previous one is forgotten here\n") ? .inSync : .failed
  }

  private func isAgreed(to rotation: TokenRotation, _ nodes: [String]) -> Bool {
    let state = rotation.isClusterTold ? "has its new token already" : "gets a new token"
    Console.progress("- the cluster \(state); k3s is restarted on \(nodes.joined(separator: ", "))")
    if !rotation.missing.isEmpty {
      Console.progress("- \(rotation.missing.joined(separator: ", ")) cannot be seen now, and get it later")
    }
    if yes { return true }
    guard Console.isTerminal(0), Console.isTerminal(2) else {
      Console.note("there is no terminal to ask on: add --yes")
      return false
    }
    return Console.confirm("Go on?")
  }
}
