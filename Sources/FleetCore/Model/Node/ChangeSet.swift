/// Changes that are made together, and the steps that make them: ten packages are ten changes and one apt run.
package struct ChangeSet: Sendable, Hashable {
  /// What a change does to the work that runs on the node.
  package enum Disturbance: Int, Sendable, Hashable, Comparable {
    case none
    /// k3s is started or restarted: servers first, one node at a time.
    case restartsK3s
    /// k3s goes to another minor version: the node's pods are moved away before.
    case upgradesK3s
    case reboots

    package var isOfK3s: Bool { self == .restartsK3s || self == .upgradesK3s }

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
  }

  package let changes: [Change]
  package let steps: [Step]
  package let disturbance: Disturbance
  /// Why it is shown but not done in this pass; `nil` when it will be done.
  package let held: Finding?

  package init(
    _ changes: [Change],
    steps: [Step],
    disturbance: Disturbance = .none,
    held: Finding? = nil
  ) {
    self.changes = changes
    self.steps = steps
    self.disturbance = disturbance
    self.held = held
  }
}
