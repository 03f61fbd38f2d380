extension NodeResult {
  /// What became of the Kubernetes objects.
  ///
  /// - Parameter rounds: the plans of them that were carried out, in order.
  init(of rounds: [ObjectsPlan], _ failure: StepFailure?, left: ObjectsPlan) {
    let done = rounds.flatMap(\.actionable).count
    self.init(node: ObjectsPlan.turn, outcome: Self.outcome(failure, left, changes: done))
  }

  private static func outcome(_ failure: StepFailure?, _ left: ObjectsPlan, changes done: Int) -> Outcome {
    if let failure { return .failed(failure) }
    if let failure = left.failure { return .notObserved(failure) }
    guard left.isSelected else { return left.isInSync ? .inSync : .notSelected }
    let attention = left.findings.filter { $0.severity == .refused || $0.severity == .blocked }
    if !attention.isEmpty { return .attention(attention) }
    guard left.actionable.isEmpty else {
      let rest = left.actionable.prefix(3).map(\.object.description).joined(separator: ", ")
      return .stalled(
        NodeFailure(
          .doesNotConverge, "every step succeeded, and still there is something to do: \(rest)",
          next: "a controller in the cluster undoes it: let one of the two have the field"))
    }
    let held = left.findings.filter { $0.severity == .held }
    if !held.isEmpty { return .held(held) }
    return done == 0 ? .inSync : .converged(changes: done)
  }
}
