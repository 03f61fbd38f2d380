/// What the control node keeps between runs, readable for fleetd's account alone: snapshots, tokens, what is under way.
package struct ControlNodeState: Sendable {
  /// An absolute path. It need not exist: it is made when something is to be kept.
  package let root: String

  package init(at root: String) { self.root = root }

  package func snapshots(of fleet: String) -> SnapshotStore { SnapshotStore(at: "\(root)/snapshots/\(fleet)") }
}
