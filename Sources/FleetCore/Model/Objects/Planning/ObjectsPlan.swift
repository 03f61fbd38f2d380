/// What one pass found out about the cluster's objects, and what it would do with them.
package struct ObjectsPlan: Sendable {
  /// Whether this run may change objects: one that is narrowed to nodes does not.
  package let isSelected: Bool
  package let state: State

  package enum State: Sendable {
    case observed(Observed)
    case notObserved(NodeFailure)
  }

  package struct Observed: Sendable {
    /// The server that was asked.
    package let server: String
    /// How many objects are declared.
    package let wanted: Int
    package let changes: [ObjectChange]
    package let findings: [Finding]
    /// What makes the changes that are not held, in order.
    package let steps: [Step]

    package init(server: String, wanted: Int, changes: [ObjectChange], findings: [Finding], steps: [Step]) {
      self.server = server
      self.wanted = wanted
      self.changes = changes
      self.findings = findings
      self.steps = steps
    }
  }

  package init(isSelected: Bool, state: State) {
    self.isSelected = isSelected
    self.state = state
  }
}

extension ObjectsPlan {
  /// What steps about the objects are done for, in progress and failures: a name that no node can have.
  package static let turn = "the cluster"

  /// No server answers: either none runs yet, or those that run do not tell.
  ///
  /// - Parameter unseen: servers that could not be observed, which may run one.
  package init(unasked cluster: ClusterObservation, unseen: [String] = [], isNarrow: Bool) {
    isSelected = !isNarrow
    guard cluster.problems.isEmpty, unseen.isEmpty else {
      let problems =
        cluster.problems.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        + unseen.map { "\($0): not observed" }
      state = .notObserved(
        NodeFailure(
          .apiUnreachable, "no API server answers: \(problems.joined(separator: "; "))",
          next: "look at k3s on the servers: journalctl -u k3s"))
      return
    }
    let finding = Finding(
      .held, .waitsForServer, .objects, "no server runs k3s yet: the objects follow when one does")
    state = .observed(Observed(server: "", wanted: 0, changes: [], findings: [finding], steps: []))
  }

  package var observed: Observed? {
    if case .observed(let observed) = state { observed } else { nil }
  }

  package var failure: NodeFailure? {
    if case .notObserved(let failure) = state { failure } else { nil }
  }

  package var changes: [ObjectChange] { observed?.changes ?? [] }
  package var findings: [Finding] { observed?.findings ?? [] }

  package var deletions: [ObjectChange] { changes.filter { $0.action == .remove } }

  package var isInSync: Bool {
    observed != nil && changes.isEmpty && !findings.contains { $0.severity != .note }
  }

  /// Something is refused or blocked: somebody must act.
  package var needsAttention: Bool {
    findings.contains { $0.severity == .refused || $0.severity == .blocked } || failure?.isRefusal == true
  }

  /// What this run would do.
  package var steps: [Step] { isSelected ? observed?.steps ?? [] : [] }

  /// Changes that those steps make.
  package var actionable: [ObjectChange] { steps.isEmpty ? [] : changes.filter { $0.held == nil } }
}
