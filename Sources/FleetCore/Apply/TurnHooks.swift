package import FleetModel

/// What happens on the control node around a node's change.
package protocol TurnHooks: Sendable {
  /// Before the first step. Throws what keeps the node from being changed.
  func before(_ node: NodePlan) async throws(NodeFailure)

  /// After the last step; `failure`: what failed. Throws what fails the node although its steps succeeded.
  func after(_ node: NodePlan, _ failure: StepFailure?) async throws(NodeFailure)
}

extension FleetApplier {
  /// Nodes that are changed in two rounds: the hooks run before the first step of the one and after the last of the other.
  package struct Rounds: Sendable {
    /// Begun in an earlier round: no hook runs before them.
    package var begun: Set<String> = []
    /// To be ended by a later round, unless they fail in this one: no hook runs after them.
    package var unfinished: Set<String> = []

    package init(begun: Set<String> = [], unfinished: Set<String> = []) {
      self.begun = begun
      self.unfinished = unfinished
    }
  }
}
