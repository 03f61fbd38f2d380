/// One node's turn in a roll-out: what is done for the cluster's sake around what is done to the node. A value, like the
/// plan: what is shown is what runs.
package struct Turn: Sendable {
  /// How the node's pods are spared.
  package enum Care: String, Sendable, Hashable {
    /// It contributes nothing now, or there is nowhere to go.
    case none
    /// No new pods come; those that are there stay, as they do while k3s restarts.
    case cordon
    /// They are moved to other nodes before.
    case drain
  }

  package let node: NodePlan
  package let care: Care
  /// Gates and cordons, before the first of the node's disturbing steps.
  package let before: [Step]
  /// Gates and the end of the cordon, when the node's steps are done.
  package let after: [Step]
  /// When it may begin; empty: at any time. A node that does no work waits for no window.
  package let windows: [MaintenanceWindow]

  /// Whether it may begin at a time, in seconds since 1970 UTC. A roll-out that outlasts its window ends with the turn
  /// that is on.
  package func mayBegin(at time: Int) -> Bool { windows.isEmpty || windows.contains { $0.contains(time) } }

  /// All of it, in order. What is copied to the node is there before anything is taken from it.
  package var steps: [Step] {
    let own = node.disturbing.flatMap(\.steps)
    return own.filter(\.isPush) + before + own.filter { !$0.isPush } + after
  }

  /// `drain, reboot`: what the turn brings, in words.
  var words: [String] {
    (care == .none ? [] : [care.rawValue]) + node.disturbances.map(\.words)
  }
}

/// Turns that are taken at the same time.
package struct Wave: Sendable {
  package let turns: [Turn]

  package var nodes: [NodePlan] { turns.map(\.node) }
}
