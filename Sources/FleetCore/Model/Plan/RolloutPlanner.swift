/// The order of what disturbs, and what is awaited around it. Pure.
///
/// Servers strictly one at a time, then agents: those that do no work at once, the others as many as the budget allows.
/// Of the servers, those that contribute nothing come first: repairing them gives back what the others may be taken from.
struct RolloutPlanner {
  private let fleet: String
  private let nodes: [NodePlan]
  private let cluster: ClusterView?
  private let rollout: RolloutSettings
  private let k3s: K3sExpectation?

  /// What a node shall run when its turn is over.
  struct K3sExpectation: Sendable {
    let version: K3sVersion
    /// How long a start may take.
    let patience: Duration
  }

  init(_ plan: FleetPlan) {
    fleet = plan.fleet
    nodes = plan.nodes
    cluster = plan.cluster.view
    rollout = plan.rollout
    k3s = plan.k3s
  }

  var waves: [Wave] {
    let waiting = nodes.filter { !$0.disturbing.isEmpty }
    // A blank server that only reboots is no part of the cluster yet.
    let isBlank = { (node: NodePlan) in
      node.observed?.k3s?.data.isLiving(as: .server) == false && !node.disturbing.contains { $0.disturbance.isOfK3s }
    }
    let servers = waiting.filter { $0.role == .server && !isBlank($0) }
    let others = waiting.filter { $0.role != .server || isBlank($0) }
    let ordered = servers.filter { !contributes($0) } + servers.filter(contributes)
    let idle = others.filter { !contributes($0) && $0.role != nil }
    let working = others.filter { contributes($0) || $0.role == nil }
    let upgraded = ordered.first(where: needsSnapshot)?.node
    return ordered.map { Wave(turns: [turn(of: $0, isSaved: $0.node == upgraded)]) }
      + (idle.isEmpty ? [] : [Wave(turns: idle.map { turn(of: $0) })])
      + stride(from: 0, to: working.count, by: rollout.agentsMaxUnavailable).map { start in
        Wave(turns: working[start..<min(start + rollout.agentsMaxUnavailable, working.count)].map { turn(of: $0) })
      }
  }

  /// Whether the cluster would miss it.
  private func contributes(_ node: NodePlan) -> Bool {
    guard let k3s = node.observed?.k3s else { return true }
    guard k3s.isRunning else { return false }
    guard let cluster, cluster.isAnswering else { return true }
    return cluster.node(node.node)?.isReady ?? false
  }

  /// Before etcd is written by another minor version, it is saved: nothing else leads back.
  private func needsSnapshot(_ node: NodePlan) -> Bool {
    node.disturbing.contains { $0.disturbance == .upgradesK3s } && node.observed?.k3s?.data.datastore == .etcd
      && cluster?.isAnswering == true
  }

  private func turn(of node: NodePlan, isSaved: Bool = false) -> Turn {
    let care = care(for: node)
    let save = isSaved ? [Step.snapshot(of: fleet)] : []
    let isAtWork = node.observed?.k3s != nil && contributes(node)
    return Turn(
      node: node, care: care, before: save + before(node, care), after: after(node, care),
      windows: isAtWork ? rollout.windows : [])
  }

  private func care(for node: NodePlan) -> Turn.Care {
    guard let cluster, contributes(node), cluster.node(node.node) != nil else { return .none }
    let hasElsewhere = cluster.nodes.contains { $0.name != node.node && $0.isReady && !$0.isUnschedulable }
    guard hasElsewhere else { return .none }
    let isHard = node.disturbing.contains { $0.disturbance == .reboots || $0.disturbance == .upgradesK3s }
    return isHard ? .drain : .cordon
  }

  private func before(_ node: NodePlan, _ care: Turn.Care) -> [Step] {
    let name = node.node
    let spared = node.role == .server ? name : nil
    var steps: [Step] = []
    if node.role == .server, let cluster, cluster.members.count > 1, node.observed?.k3s?.isRunning == true,
      !isQuorumLossAllowed
    {
      steps.append(
        Step("see that etcd can do without \(name)", .await(Gate([.quorum(without: name)])), deadline: .seconds(120)))
    }
    guard care != .none else { return steps }
    steps.append(Step("cordon \(name)", .onServer(.cordon, StepInput([[name, owner]]), sparing: spared)))
    guard care == .drain else { return steps }
    let seconds = rollout.drain.timeout.components.seconds
    let grace = rollout.drain.gracePeriod?.components.seconds ?? -1
    let more =
      (rollout.drain.deleteEmptyDir ? ["--delete-emptydir-data"] : []) + (rollout.drain.force ? ["--force"] : [])
    let input = StepInput([[name, "\(seconds)", "\(grace)"], more])
    steps.append(
      Step("drain \(name)", .onServer(.drain, input, sparing: spared), deadline: .seconds(seconds + 60)))
    return steps
  }

  private func after(_ node: NodePlan, _ care: Turn.Care) -> [Step] {
    guard let k3s, let role = node.role else { return [] }
    let touchesK3s = node.disturbing.contains { $0.disturbance.isOfK3s }
    // A machine that is no part of the cluster yet, and will not be after this turn either.
    guard touchesK3s || node.observed?.k3s?.isRunning == true else { return [] }
    let isUpgraded = node.disturbing.flatMap(\.changes).contains { $0.kind == K3s.kind }
    var conditions: [Gate.Condition] = []
    if role == .server { conditions.append(.serversHealthy(healthyServers(with: node.node))) }
    conditions.append(
      .nodeReady(
        node.node,
        version: isUpgraded ? "\(k3s.version)" : nil,
        notBoot: node.disturbing.contains { $0.disturbance == .reboots } ? node.observed?.facts.bootID : nil))
    var steps = [
      Step("await \(node.node) in the cluster", .await(Gate(conditions)), deadline: k3s.patience)
    ]
    if care != .none || cluster?.node(node.node)?.cordonOwner == owner {
      steps.append(
        Step("uncordon \(node.node)", .onServer(.uncordon, StepInput([[node.node, owner]]), sparing: nil)))
    }
    return steps
  }

  /// No worse than before: those that were healthy, and the one whose turn it was.
  private func healthyServers(with name: String) -> [String] {
    // One that was not seen cannot be asked either.
    let healthy = nodes.filter { node in
      node.role == .server && node.node != name && node.observed?.k3s != nil && contributes(node) && cluster != nil
    }
    return (healthy.map(\.node) + [name]).sorted()
  }

  private var isQuorumLossAllowed: Bool { rollout.allowQuorumLoss && cluster?.members.count == 2 }

  /// Whose cordon it is: a fleet's, whichever process of fleetd set it.
  private var owner: String { Cordon.owner(fleet) }
}
