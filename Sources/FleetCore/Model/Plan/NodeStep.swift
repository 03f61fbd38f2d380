/// A step, and the node that it is done to or for: of what runs in one fixed order over several nodes.
package struct NodeStep: Sendable, Hashable {
  package let node: String
  package let step: Step

  package init(_ node: String, _ step: Step) {
    self.node = node
    self.step = step
  }
}
