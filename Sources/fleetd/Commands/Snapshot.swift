import ArgumentParser
import FleetModel

/// `fleetd snapshot`: the cluster's datastore, saved and kept on the control node.
struct Snapshot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Save the cluster's etcd to this control node, list what is kept, and put it back.",
    discussion: """
      A snapshot is kept with the token that decrypts it, readable for this account alone, below the state directory: \
      $STATE_DIRECTORY, else /var/lib/fleetd for root, else ~/.local/state/fleetd.
      """,
    subcommands: [SnapshotSave.self, SnapshotList.self, SnapshotRestore.self])
}
