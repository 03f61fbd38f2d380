/// In which order a commit will disturb the nodes, as far as that can be told without looking at them.
package struct ExpectedRollout: Sendable {
  package struct Turn: Sendable, Hashable {
    package let node: String
    /// `drain`, `reboot`: what it brings.
    package let words: [String]
  }

  /// Taken one after the other; the turns of one wave at the same time.
  package let waves: [[Turn]]

  /// Servers one at a time, then agents up to the budget: as `RolloutPlanner` orders nodes that do their work.
  init(of nodes: [NodeComparison], in fleet: Fleet) {
    let disturbed = nodes.filter { $0.fate == .changed && $0.disturbance != .none }
    let members = fleet.nodes.count { $0.role != nil }
    let servers = disturbed.filter { $0.role == .server }
    let others = disturbed.filter { $0.role != .server }
    func turn(_ node: NodeComparison) -> Turn {
      let isHard = node.disturbance == .reboots || node.disturbance == .upgradesK3s
      let care = node.role == nil || members < 2 ? [] : [isHard ? "drain" : "cordon"]
      let isAway = node.role == .server && fleet.servers.count == 1
      return Turn(
        node: node.name, words: care + [node.disturbance.words] + (isAway ? ["the API is down meanwhile"] : []))
    }
    let size = max(1, fleet.rollout.agentsMaxUnavailable)
    waves =
      servers.map { [turn($0)] }
      + stride(from: 0, to: others.count, by: size).map { start in
        others[start..<min(start + size, others.count)].map(turn)
      }
  }
}
