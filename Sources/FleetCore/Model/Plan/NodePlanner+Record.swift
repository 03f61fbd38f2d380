/// What is declared now, against what the node remembers: what is left there unmanaged, and what must be written down.
struct RecordPlanner {
  private let record: NodeRecord
  private let board: String?
  private let declared: Set<NodeRecord.Entry>
  private let absent: Set<NodeRecord.Entry>

  init(_ node: NodeSpec, _ facts: HostFacts) {
    record = facts.record
    board = facts.board == facts.record.board ? nil : facts.board
    declared = Self.entries(of: node) { $0.declared }
    absent = Self.entries(of: node) { $0.declaredAbsent }
  }

  private static func entries(
    of node: NodeSpec,
    _ names: (any Resource) -> [String]
  ) -> Set<NodeRecord.Entry> {
    Set(node.resources.flatMap { resource in names(resource).map { .init(type(of: resource).kind, $0) } })
  }

  /// What fleetd once applied and nobody declares any more: deleting a declaration ends the management of what it
  /// declared and nothing else. What this plan removes is not left on the node.
  func unmanaged(after changeSets: [ChangeSet], on node: String) -> [Finding] {
    let left = record.declared.subtracting(declared).subtracting(absent)
      .subtracting(changeSets.flatMap { Self.removed(by: $0) }).sorted()
    return left.map { entry in
      Finding(
        .note,
        .noLongerDeclared,
        ResourceRegistry.kind(named: entry.kind) ?? Host.kind,
        "\(entry.kind) \(entry.name): declared once, no longer; left on the node as it is",
        next: entry == left.last
          ? "declare what shall go as absent; fleetd forget \(node) KIND NAME ends the note" : nil
      )
    }
  }

  /// The same change sets. Before anything is changed it is written down what is declared, so that a pass that dies
  /// half-way leaves no name out; what was removed is struck off when it is gone.
  func recording(_ changeSets: [ChangeSet]) -> [ChangeSet] {
    guard let first = changeSets.firstIndex(where: { $0.held == nil && !$0.steps.isEmpty }) else { return changeSets }
    var sets = changeSets
    for index in sets.indices where sets[index].held == nil && !sets[index].steps.isEmpty {
      let gone = Self.removed(by: sets[index]).intersection(record.declared.union(declared)).sorted()
      if !gone.isEmpty { sets[index] = sets[index].adding(steps: [Self.forget(gone)]) }
    }
    let added = declared.subtracting(record.declared).sorted()
    // Declared absent, and nothing of it is there to be removed.
    let absentAlready = record.declared.intersection(absent).subtracting(changeSets.flatMap { Self.removed(by: $0) })
    var steps: [Step] = []
    if !added.isEmpty || board != nil {
      let lines = [[board ?? ""]] + added.map(\.fields)
      steps.append(Step("write down what is declared", .run(.record, StepInput(lines))))
    }
    if !absentAlready.isEmpty { steps.append(Self.forget(absentAlready.sorted())) }
    sets[first] = sets[first].adding(steps: steps, isBefore: true)
    return sets
  }

  private static func removed(by set: ChangeSet) -> Set<NodeRecord.Entry> {
    Set(set.changes.filter { $0.action == .remove }.map { .init($0.kind, $0.name) })
  }

  private static func forget(_ entries: [NodeRecord.Entry]) -> Step {
    Step("strike off what is gone", .run(.forget, StepInput(entries.map(\.fields))))
  }
}

extension ChangeSet {
  fileprivate func adding(steps more: [Step], isBefore: Bool = false) -> ChangeSet {
    ChangeSet(changes, steps: isBefore ? more + steps : steps + more, disturbance: disturbance, held: held)
  }
}
