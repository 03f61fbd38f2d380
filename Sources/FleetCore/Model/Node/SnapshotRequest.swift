/// A snapshot of the cluster's datastore that is to be taken and brought to the control node.
package struct SnapshotRequest: Sendable, Hashable {
  /// How many are kept unless somebody says otherwise.
  package static let standardRetention = 5

  package let fleet: String
  /// How many of those that fleetd took are kept, on the control node and on the server.
  package let retention: Int

  package init(of fleet: String, keeping retention: Int = standardRetention) {
    self.fleet = fleet
    self.retention = max(1, retention)
  }
}

extension Step {
  /// Saves etcd before something that cannot be taken back, such as the first server's upgrade. Any living server with
  /// a member of etcd does it; a fleet whose datastore is another has no such step: see `SnapshotScript`.
  package static func snapshot(of fleet: String, keeping retention: Int = SnapshotRequest.standardRetention) -> Step {
    Step(
      "save etcd and fetch the snapshot", .snapshot(SnapshotRequest(of: fleet, keeping: retention)),
      deadline: .seconds(1200))
  }
}
