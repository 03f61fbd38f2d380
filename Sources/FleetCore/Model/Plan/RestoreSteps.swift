/// The steps of a restore, server by server.
struct RestoreSteps {
  private let source: RestorePlan.Source
  private let k3s: K3sSettings
  /// The server that takes the snapshot, and its URL.
  private let first: String
  private let url: String

  init(_ source: RestorePlan.Source, _ k3s: K3sSettings, first: String, at url: String) {
    self.source = source
    self.k3s = k3s
    self.first = first
    self.url = url
  }

  private var id: String { source.snapshot.id }
  private static let path = "/var/lib/fleetd/restore.db"

  func steps(for servers: [NodeSpec], _ seen: [String: NodePlan]) -> [NodeStep] {
    let (taking, others) = parts(of: servers, seen)
    return (others + taking).map { NodeStep($0.name, stop($0, seen)) }
      + taking.flatMap { take($0, seen) }
      + blank(of: servers, seen).map { NodeStep($0.name, forget($0)) }
      + others.flatMap { rejoin($0, seen) }
  }

  func finishing(for servers: [NodeSpec], _ seen: [String: NodePlan]) -> [NodeStep] {
    let (taking, others) = parts(of: servers, seen)
    return (others + taking).map { NodeStep($0.name, Step("end the restore", .run(.restoreFinish, StepInput()))) }
  }

  /// The snapshot has them as members that are away; with those, none of them would be let in.
  private func forget(_ server: NodeSpec) -> Step {
    Step(
      "forget what the snapshot knows of \(server.name)",
      .onServer(.clearNodeOfSnapshot, StepInput([[server.name, "60"]]), sparing: server.name), deadline: .seconds(120))
  }

  func blank(of servers: [NodeSpec], _ seen: [String: NodePlan]) -> [NodeSpec] {
    servers.filter { $0.name != first && seen[$0.name]?.observed?.k3s?.service.exists == false }
  }

  /// Blank servers have nothing to throw away: a pass sets them up afterwards, and they join.
  private func parts(
    of servers: [NodeSpec], _ seen: [String: NodePlan]
  ) -> (taking: [NodeSpec], others: [NodeSpec]) {
    (
      servers.filter { $0.name == first },
      servers.filter { $0.name != first && seen[$0.name]?.observed?.k3s?.service.exists == true }
    )
  }

  private func unit(_ server: NodeSpec, _ seen: [String: NodePlan]) -> String {
    seen[server.name]?.observed?.k3s?.unit ?? UnitName.complete(Role.server.unit)
  }

  private func stop(_ server: NodeSpec, _ seen: [String: NodePlan]) -> Step {
    Step(
      "stop k3s for the restore", .run(.restoreStop, StepInput([[id, unit(server, seen)]])), deadline: .seconds(200))
  }

  private func take(_ server: NodeSpec, _ seen: [String: NodePlan]) -> [NodeStep] {
    let unit = unit(server, seen)
    let snapshot = source.snapshot
    let artifact = Artifact(path: source.path, size: snapshot.size, sha256: snapshot.sha256)
    let isBlank = seen[server.name]?.observed?.k3s?.service.exists != true
    let seconds = 900
    let reset = StepInput(
      [[id, snapshot.sha256, "\(seconds)", unit]], payload: Content(secret: RestorePlan.token))
    let steps =
      (isBlank ? seen[server.name]?.k3sSteps ?? [] : []) + [
        Step("give k3s the snapshot's token", token),
        Step("send the snapshot", .push(artifact, to: Self.path, mode: "0600"), deadline: .seconds(1800)),
        Step("restore \(id)", .runAsUnit(.restoreReset, reset), deadline: .seconds(seconds + 60)),
        start(server, unit),
        Step(
          "await the API server of \(server.name)", .await(Gate([.serversHealthy([server.name])])), deadline: patience),
      ]
    return steps.map { NodeStep(server.name, $0) }
  }

  private func rejoin(_ server: NodeSpec, _ seen: [String: NodePlan]) -> [NodeStep] {
    let unit = unit(server, seen)
    let gate = Gate([
      .serversHealthy([first, server.name].sorted()), .nodeReady(server.name, version: nil, notBoot: nil),
    ])
    let steps = [
      Step("give k3s the snapshot's token", token),
      Step(
        "move the old datastore away", .run(.restoreRejoin, StepInput([[id, unit, url]])), deadline: .seconds(120)),
      start(server, unit),
      Step("await \(server.name) in the cluster", .await(gate), deadline: patience),
    ]
    return steps.map { NodeStep(server.name, $0) }
  }

  private var token: Step.Action { .run(.restoreToken, StepInput(payload: Content(secret: RestorePlan.token))) }

  private var patience: Duration { k3s.startTimeout + .seconds(60) }

  private func start(_ server: NodeSpec, _ unit: String) -> Step {
    server.resource(of: K3s.self)?.startStep(of: unit, retiring: [])
      ?? Step("start \(unit)", .runAsUnit(.startK3s, StepInput([[unit, "300"], []])), deadline: .seconds(360))
  }
}
