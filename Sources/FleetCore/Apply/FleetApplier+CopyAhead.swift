import FleetModel

/// Files that are copied to their nodes while something else is done on them.
actor CopiesAhead {
  private struct Copy: Hashable {
    let step: Step
    let node: String
  }

  private enum State {
    /// With those that wait for its end.
    case begun([CheckedContinuation<Bool, Never>])
    case ended(isThere: Bool)
  }

  private var states: [Copy: State] = [:]

  func begin(_ step: Step, on node: String) { states[Copy(step: step, node: node)] = .begun([]) }

  func end(_ step: Step, on node: String, isThere: Bool) {
    let copy = Copy(step: step, node: node)
    if case .begun(let waiting)? = states[copy] { for one in waiting { one.resume(returning: isThere) } }
    states[copy] = .ended(isThere: isThere)
  }

  func isRunning(_ step: Step, on node: String) -> Bool {
    if case .begun? = states[Copy(step: step, node: node)] { true } else { false }
  }

  /// Whether the file is on its node. A copy that has begun is awaited: it always ends.
  func holds(_ step: Step, on node: String) async -> Bool {
    let copy = Copy(step: step, node: node)
    switch states[copy] {
    case nil: return false
    case .ended(let isThere): return isThere
    case .begun(let waiting):
      return await withCheckedContinuation { states[copy] = .begun(waiting + [$0]) }
    }
  }
}

extension FleetApplier {
  /// These steps, while files that the node needs are copied to it: apt waits for mirrors and for the card, a copy for the
  /// network. Ends with both.
  ///
  /// A copy that fails here fails nothing: it is made again when it is its turn, and says then what is wrong. Once a step
  /// has failed nothing more is copied.
  func run(_ steps: [Step], copyingAheadFor node: NodePlan, _ copies: CopiesAhead) async -> StepFailure? {
    let ahead = node.copiedAhead
    for step in ahead { await copies.begin(step, on: node.node) }
    async let copying: Void = copy(ahead, to: node.node, copies)
    let failure = await run(steps, for: node.node, copies)
    guard failure == nil else { return failure }
    for step in ahead where await copies.isRunning(step, on: node.node) {
      progress(.waiting(node: node.node, what: step.title))
      _ = await copies.holds(step, on: node.node)
    }
    await copying
    return nil
  }

  private func copy(_ ahead: [Step], to node: String, _ copies: CopiesAhead) async {
    var isGoing = true
    for step in ahead {
      if isGoing, !isEnding {
        do throws(NodeFailure) { try await run(step, for: node) } catch { isGoing = false }
      }
      isGoing = isGoing && !isEnding
      await copies.end(step, on: node, isThere: isGoing)
    }
  }
}
