/// What one pass found out about one node, and what it would do.
package struct NodePlan: Sendable {
  package let node: String
  package let address: String
  package let role: Role?
  /// Whether `--node` and `-l` let this run change it. A node that is not selected is observed all the same.
  package let isSelected: Bool
  package let state: State

  package enum State: Sendable {
    case observed(Observed)
    case notObserved(NodeFailure)
  }

  package struct Observed: Sendable {
    package let facts: HostFacts
    /// `nil`: it has no part in a cluster.
    package var k3s: K3sObservation? = nil
    /// In the order in which they are made.
    package let changeSets: [ChangeSet]
    package let findings: [Finding]
  }

  package init(node: String, address: String, role: Role?, isSelected: Bool = true, state: State) {
    self.node = node
    self.address = address
    self.role = role
    self.isSelected = isSelected
    self.state = state
  }
}

extension NodePlan {
  package var observed: Observed? {
    if case .observed(let observed) = state { observed } else { nil }
  }

  package var failure: NodeFailure? {
    if case .notObserved(let failure) = state { failure } else { nil }
  }

  package var findings: [Finding] { observed?.findings ?? [] }
  package var changeSets: [ChangeSet] { observed?.changeSets ?? [] }
  package var changes: [Change] { changeSets.flatMap(\.changes) }

  /// What this run would do: nothing on a node that is not selected, nothing that is held.
  package var actionable: [ChangeSet] { isSelected ? changeSets.filter { $0.held == nil && !$0.steps.isEmpty } : [] }

  package var isInSync: Bool {
    observed != nil && changeSets.isEmpty && !findings.contains { $0.severity != .note }
  }

  /// Something on it is refused or blocked: somebody must act.
  package var needsAttention: Bool {
    findings.contains { $0.severity == .refused || $0.severity == .blocked } || failure?.isRefusal == true
  }

  /// Whether something on it is held for what this very run may bring about: the right time, a server that runs.
  var isWaitingWithin: Bool {
    let reasons = (changeSets.compactMap(\.held) + findings).map(\.reason)
    return reasons.contains(.clockSkew) || reasons.contains(.waitsForServer)
  }

  /// A change, by what it is about: whether it was made before in a run.
  func key(of change: Change) -> String { "\(node) \(change.kind) \(change.name) \(change.action.rawValue)" }

  /// The first disturbing change set and everything behind it wait for the node's turn; what is before does not.
  package var undisturbing: [ChangeSet] { Array(actionable.prefix { $0.disturbance == .none }) }
  package var disturbing: [ChangeSet] { Array(actionable.drop { $0.disturbance == .none }) }

  /// Bytes that copies leave free.
  private static let roomForPackages = 512 << 20

  /// What may be copied to the node while other undisturbing steps are done, in the order in which it is needed. Only to one that does no work yet: on another a
  /// release that its turn may never reach is not put beside the one that runs, nor its network made busy.
  package var copiedAhead: [Step] {
    guard undisturbing.flatMap(\.steps).contains(where: { !$0.isPush }), let k3s = observed?.k3s, !k3s.isRunning else {
      return []
    }
    let pushes = actionable.flatMap(\.steps).filter(\.isPush)
    // What apt unpacks meanwhile has no other place.
    let needed = pushes.reduce(Self.roomForPackages) { $0 + $1.pushedBytes }
    return (observed?.facts.freeBytes ?? 0) >= needed ? pushes : []
  }
}
