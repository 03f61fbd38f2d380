/// A rebuild that somebody orders while the node still runs: it is taken out of scheduling and emptied, so that its card can
/// be written anew without anybody missing it. Pure.
///
/// What the cluster knows of its past is cleared when the blank node answers, and not before: until then it can be called
/// off, and the node goes on as it was.
package struct RebuildOrder: Sendable {
  package let node: String
  package let changes: [Change]
  package let steps: [Step]
  /// Why nothing is done; with them there are no steps.
  package let obstacles: [Finding]
  /// What the blank node would be held up by.
  package let warnings: [String]

  static let kind = ResourceKind("reprovision")

  /// - Parameters:
  ///   - observation: what the node itself told; a node that is away can be rebuilt all the same.
  ///   - pause: that of the node, if somebody paused it.
  package init(
    of spec: NodeSpec, in fleet: Fleet, observation: NodeObservation?, cluster: ClusterObservation, pause: Finding?
  ) {
    let removal = RemovalCase(
      name: spec.name, spec: spec, fleet: fleet, observation: observation, cluster: cluster, options: .init())
    node = spec.name
    let order = Guard(spec: spec, removal: removal, pause: pause)
    obstacles = order.obstacle.map { [$0] } ?? []
    warnings = order.warnings
    guard obstacles.isEmpty else {
      (changes, steps) = ([], [])
      return
    }
    let parts = [Self.cordon(removal, spec), removal.drain].compactMap { $0 }
    changes = parts.compactMap(\.change)
    steps = parts.flatMap(\.steps)
  }

  /// Whose cordon it is: not one that the next run takes for left behind.
  static func owner(_ fleet: String) -> String { "\(Cordon.owner(fleet))/rebuild" }

  private static func cordon(_ removal: RemovalCase, _ spec: NodeSpec) -> RemovalCase.Part? {
    let (fleet, name) = (removal.fleet.name, spec.name)
    guard let object = removal.object else { return nil }
    let spared = spec.role == .server ? name : nil
    var steps: [Step] = []
    if object.isUnschedulable {
      // One of our own is taken over; somebody else's stays theirs.
      guard object.cordonOwner == Cordon.owner(fleet) else { return nil }
      steps.append(
        Step(
          "end the cordon of an earlier run",
          .onServer(.uncordon, StepInput([[name, Cordon.owner(fleet)]]), sparing: spared)))
    }
    steps.append(
      Step("cordon \(name)", .onServer(.cordon, StepInput([[name, owner(fleet)]]), sparing: spared)))
    return (Change(.act, kind, "cordon", note: "no new pods come, until its card is written anew"), steps)
  }

  /// What leads back when it is called off: it may be scheduled to again, where this was what kept it from that.
  package static func abandoning(_ node: String, in fleet: String) -> Step {
    Step("uncordon \(node)", .onServer(.uncordon, StepInput([[node, owner(fleet)]]), sparing: nil))
  }
}

extension RebuildOrder {
  /// What would hurt, looked at one after the other.
  private struct Guard {
    let spec: NodeSpec
    let removal: RemovalCase
    let pause: Finding?

    /// The gravest alone: what follows from it is no news.
    var obstacle: Finding? {
      if let pause {
        return refused(pause.reason, pause.message, next: "fleetd resume \(spec.name), if that has ended")
      }
      if let problem = removal.machine { return problem }
      guard spec.role != nil else { return nil }
      return lastServer ?? unseen ?? quorum
    }

    /// With the card of the last server the cluster would go.
    private var lastServer: Finding? {
      guard spec.role == .server else { return nil }
      let others =
        removal.cluster.view.map { $0.nodes.filter { $0.isServer && $0.name != spec.name }.map(\.name) }
        ?? removal.fleet.servers.map(\.name).filter { $0 != spec.name }
      guard others.isEmpty else { return nil }
      return refused(
        .quorumAtRisk, "\(spec.name) is the only server: its card holds the cluster and everything in it",
        next:
          "let another server join first; or save it and put it back by hand: fleetd snapshot save (docs/restore.md)")
    }

    private var unseen: Finding? {
      guard removal.cluster.view?.isAnswering != true else { return nil }
      let why = removal.cluster.problems.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      return refused(
        .apiUnreachable,
        "no server tells of the cluster, so that nobody knows what \(spec.name) is missed for"
          + (why.isEmpty ? "" : ": \(why.joined(separator: "; "))"),
        next: "bring a server back first; a blank card starts the clock by itself, without an order")
    }

    /// Unlike a reboot it does not bring the member back: two members cannot do without one, whatever a reboot may.
    private var quorum: Finding? {
      guard let view = removal.cluster.view, let object = removal.object, object.isEtcdMember,
        case .waiting(let why) = Gate([.quorum(without: spec.name)]).verdict(on: [view.server: view], since: nil)
      else { return nil }
      let next =
        view.members.count == 2
        ? "take it out while it runs: fleetd remove \(spec.name); then write its card: it joins as a new server"
        : "bring the other members back first"
      return refused(.quorumAtRisk, why, next: next)
    }

    var warnings: [String] {
      var warnings: [String] = []
      if case .failure(let failure)? = removal.observation?.answer {
        warnings.append("it was not observed: \(failure.message)")
      }
      if spec.role != nil, spec.serial == nil, removal.object?.annotations[NodeOwnership.boardAnnotation] == nil,
        removal.object != nil
      {
        let board = removal.facts?.board.map { "\"\($0)\"" } ?? "that of its board"
        warnings.append(
          "nobody knows its board: the blank node would not be let into the cluster; write spec.serial: \(board)")
      }
      if let object = removal.object, object.isUnschedulable, object.cordonOwner == nil {
        warnings.append("somebody cordoned it: the rebuilt node will not be")
      }
      return warnings
    }

    private func refused(_ reason: Reason, _ message: String, next: String?) -> Finding {
      Finding(.refused, reason, RebuildOrder.kind, message, next: next)
    }
  }
}
