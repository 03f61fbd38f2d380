extension RemovalCase {
  /// The gravest reason comes first and alone: what follows from it is no news.
  var obstacles: [Finding] {
    [way, machine, server, cluster(from: cluster)].lazy.compactMap { $0 }.prefix(1).map { $0 }
  }

  /// How to get at the machine.
  private var way: Finding? {
    guard !options.isUnreachable else { return nil }
    guard spec != nil else {
      return refused(
        .notInInventory, "no document of the inventory names \(name), so that there is no way to the machine",
        next: "bring its document back for as long as this takes; or clear the cluster's side alone: --unreachable")
    }
    guard case .failure(let failure)? = observation?.answer else { return nil }
    return Finding(
      .refused, failure.reason, Removal.kind, "\(name) was not observed: \(failure.message)",
      next: "if the machine is gone for good: fleetd remove \(name) --unreachable")
  }

  /// Whether it is the right one, and quiet.
  var machine: Finding? {
    guard !options.isUnreachable, let facts else { return nil }
    if let host = spec?.resource(of: Host.self), let refusal = host.boardRefusal(facts) { return refusal }
    if let step = facts.runningStep {
      return refused(.stepRunning, "the step fleetd-\(step.name) is still running on it", next: "wait, then run again")
    }
    return nil
  }

  /// The last server is the cluster.
  private var server: Finding? {
    let isServer = object?.isServer == true || spec?.role == .server
    guard isServer else { return nil }
    let others =
      cluster.view.map { $0.nodes.filter { $0.isServer && $0.name != name }.map(\.name) }
      ?? fleet.servers.map(\.name).filter { $0 != name }
    guard others.isEmpty else { return nil }
    return refused(
      .quorumAtRisk, "\(name) is the only server: with it the cluster and everything in it would end",
      next: "let another server join first; to end the cluster, remove its agents and write this card anew")
  }

  /// Whether the cluster lets it go.
  private func cluster(from observation: ClusterObservation) -> Finding? {
    guard let view = observation.view else {
      let why = observation.problems.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
      return refused(
        .apiUnreachable, "no server tells of the cluster" + (why.isEmpty ? "" : ": \(why)"),
        next: "bring a server back first: a node that is taken off the machine alone stays a member of the cluster")
    }
    guard let object else {
      guard options.isUnreachable else { return nil }
      return refused(
        .notInInventory, "the cluster has no Node \(name): there is nothing to clear",
        next: Suggestion.hint(for: name, among: view.nodes.map(\.name)))
    }
    guard object.isEtcdMember,
      case .waiting(let why) = Gate([.quorumAfterRemoval(of: name)]).verdict(on: [view.server: view], since: nil)
    else { return nil }
    return refused(.quorumAtRisk, why, next: "bring the other members back first")
  }

  private func refused(_ reason: Reason, _ message: String, next: String?) -> Finding {
    Finding(.refused, reason, Removal.kind, message, next: next)
  }
}
