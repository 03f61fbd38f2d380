package import FleetApply
import FleetModel
import FoundationEssentials

/// A restore that has begun and not ended, as the control node remembers it: while there is one, servers are stopped on
/// purpose, and nothing but its going on may start them.
package struct RestoreJournal: Sendable, Hashable, Codable {
  package let snapshot: String
  /// The server that takes the snapshot.
  package let first: String
  package let without: [String]
  /// Everything is done but to forget how far it had come.
  package var isFinishing: Bool

  package init(snapshot: String, first: String, without: [String], isFinishing: Bool = false) {
    self.snapshot = snapshot
    self.first = first
    self.without = without
    self.isFinishing = isFinishing
  }

  private static func path(_ state: ControlNodeState, _ fleet: String) -> String { "\(state.root)/restores/\(fleet)" }

  /// `nil`: none is under way.
  package static func current(of fleet: String, in state: ControlNodeState) throws(RunFailure) -> RestoreJournal? {
    let path = path(state, fleet)
    guard FileStatus(of: path) != nil else { return nil }
    guard let bytes = PrivateFile.read(path, limit: 64 << 10),
      let journal = try? JSONDecoder().decode(RestoreJournal.self, from: Data(bytes))
    else {
      throw RunFailure(
        "\(path) cannot be read: it says how far a restore has come", next: "docs/restore.md says how to go on by hand")
    }
    return journal
  }

  package func write(of fleet: String, in state: ControlNodeState) throws(RunFailure) {
    let bytes = (try? JSONEncoder().encode(self)).map(Array.init) ?? []
    do throws(NodeFailure) {
      try PrivateFile.makeDirectory("\(state.root)/restores")
      try PrivateFile.write(bytes + [0x0A], to: Self.path(state, fleet))
    } catch {
      throw RunFailure(error.message, next: error.next)
    }
  }

  package static func remove(of fleet: String, in state: ControlNodeState) throws(RunFailure) {
    do throws(NodeFailure) { try PrivateFile.remove(path(state, fleet)) } catch {
      throw RunFailure(error.message, next: error.next)
    }
  }

  /// Throws while a restore is under way: a pass would start servers with the datastore that is to be replaced.
  package static func requireNone(of fleet: String, in state: ControlNodeState) throws(RunFailure) {
    guard let journal = try current(of: fleet, in: state) else { return }
    throw RunFailure(
      "the restore of \(journal.snapshot) has begun and not ended: servers are stopped on purpose",
      next: "fleetd snapshot restore goes on with it")
  }
}
