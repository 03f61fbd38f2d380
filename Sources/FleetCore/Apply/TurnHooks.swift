package import FleetModel

/// What happens on the control node around a node's change.
package protocol TurnHooks: Sendable {
  /// Before the first step. Throws what keeps the node from being changed.
  func before(_ node: NodePlan) async throws(NodeFailure)

  /// After the last step; `failure`: what failed. Throws what fails the node although its steps succeeded.
  func after(_ node: NodePlan, _ failure: StepFailure?) async throws(NodeFailure)
}
