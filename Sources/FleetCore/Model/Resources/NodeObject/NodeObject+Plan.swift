extension NodeObject {
  /// How long a node that has just started k3s may take until its Node object is there.
  private static let patience: Duration = .seconds(120)

  package func plan(from nothing: Void, in context: PlanContext) -> KindPlan {
    guard let node = present(in: context) else { return arrival(in: context) }
    var plan = leftCordon(of: node, in: context)
    let (changes, patch) = difference(from: node, in: context)
    guard !changes.isEmpty else { return plan }
    let step = patch.step(on: name, uid: node.uid, patience: .zero)
    plan.changeSets.append(ChangeSet(changes, steps: [step]))
    return plan
  }

  /// The Node object, unless it is that of a past of this node, which is cleared before it joins.
  private func present(in context: PlanContext) -> KubernetesNode? {
    guard let node = context.cluster.view?.node(name) else { return nil }
    switch context.node.resource(of: NodeIdentity.self)?.verdict(in: context) {
    case .clears?, .withheld?: return nil
    case .nothingToClear?, nil: return node
    }
  }

  private func difference(
    from node: KubernetesNode, in context: PlanContext
  ) -> (changes: [Change], patch: NodeObjectPatch) {
    let owned = NodeOwnership(of: node).adding(registered(in: context))
    var changes: [Change] = []
    var labels: [String: String?] = [:]
    for (key, value) in self.labels.sorted(by: { $0.key < $1.key }) where node.labels[key] != value {
      changes.append(Self.change("label \(key)", from: node.labels[key], to: value))
      labels[key] = value
    }
    for key in owned.labels.sorted() where self.labels[key] == nil && !NodeLabelRule.isOfCluster(key) {
      guard let value = node.labels[key] else { continue }
      changes.append(Self.change("label \(key)", from: value, to: nil))
      labels[key] = .some(nil)
    }
    var set: [KubernetesNode.Taint] = []
    for taint in taints.sorted(by: { $0.identity < $1.identity }) {
      let before = node.taints.first { $0.identity == taint.identity }
      guard before.map({ $0.value ?? "" }) != taint.value ?? "" else { continue }
      changes.append(Self.change("taint \(taint.identity)", from: before.map { $0.value ?? "" }, to: taint.value ?? ""))
      set.append(taint)
    }
    let declared = Set(taints.map(\.identity))
    let removed = node.taints.filter { owned.taints.contains($0.identity) && !declared.contains($0.identity) }
      .sorted { $0.identity < $1.identity }
    for taint in removed {
      changes.append(Self.change("taint \(taint.identity)", from: taint.value ?? "", to: nil))
    }
    let ownership = NodeOwnership(
      labels: owned.labels.intersection(self.labels.keys).union(labels.keys.filter { self.labels[$0] != nil }),
      taints: owned.taints.intersection(declared).union(set.map(\.identity)))
    return (
      changes,
      NodeObjectPatch(
        labels: labels, setTaints: set, removedTaints: removed.map(\.identity), ownership: ownership,
        board: boardToNote(in: context))
    )
  }

  /// What config.yaml tells k3s to register with, where fleetd wrote it: that is fleetd's too, also where no annotation
  /// says so, as in a file of an earlier release.
  private func registered(in context: PlanContext) -> NodeOwnership {
    guard let observed = context.observed(K3s.self), observed.foreignUnit == nil,
      let configuration = observed.configuration
    else { return NodeOwnership() }
    let labels = (configuration.values(of: "node-label") ?? []).map { String($0.prefix { $0 != "=" }) }
    let taints = (configuration.values(of: "node-taint") ?? []).compactMap { KubernetesNode.Taint($0)?.identity }
    return NodeOwnership(labels: Set(labels), taints: Set(taints))
  }

  /// A node that joins in this pass: k3s registers it with most of them, and the rest, and that they are fleetd's, is
  /// said as soon as its Node object is there.
  private func arrival(in context: PlanContext) -> KindPlan {
    let board = boardToNote(in: context)
    guard !labels.isEmpty || !taints.isEmpty || board != nil, let observed = context.observed(K3s.self),
      !observed.data.isLiving(as: context.node.role ?? .agent),
      let start = context.changeSets.last(where: { set in set.changes.contains { $0.kind == K3s.kind } })
    else { return KindPlan() }
    let changes =
      labels.sorted { $0.key < $1.key }.map { Self.change("label \($0.key)", from: nil, to: $0.value) }
      + taints.sorted { $0.identity < $1.identity }.map {
        Self.change("taint \($0.identity)", from: nil, to: $0.value ?? "")
      } + (board.map { [Self.boardChange(from: nil, to: $0)] } ?? [])
    let patch = NodeObjectPatch(
      labels: labels.mapValues { Optional($0) }, setTaints: taints, removedTaints: [],
      ownership: NodeOwnership(labels: Set(labels.keys), taints: Set(taints.map(\.identity))), board: board)
    let step = patch.step(on: name, uid: nil, patience: Self.patience)
    return KindPlan(changeSets: [
      ChangeSet(changes, steps: [step], disturbance: start.disturbance, held: start.held)
    ])
  }

  /// The serial number that the Node object keeps, so that the node is known again when its card was written anew. Where
  /// the inventory pins one, that does.
  private func boardToNote(in context: PlanContext) -> String? {
    context.node.serial == nil ? context.facts.board : nil
  }

  private static func boardChange(from before: String?, to board: String) -> Change {
    let change = Self.change("board", from: before, to: board)
    return change.noting("so that it is known again when its card is written anew")
  }

  /// `nil`: there is none. An empty value is shown as what it is.
  private static func change(_ what: String, from before: String?, to after: String?) -> Change {
    func shown(_ value: String?) -> Shown { value.map { .text($0.isEmpty ? "\"\"" : $0) } ?? .none }
    let action: Change.Action = before == nil ? .add : after == nil ? .remove : .change
    return Change(action, kind, what, from: shown(before), to: shown(after))
  }
}

extension NodeOwnership {
  fileprivate func adding(_ other: NodeOwnership) -> NodeOwnership {
    NodeOwnership(labels: labels.union(other.labels), taints: taints.union(other.taints))
  }
}
