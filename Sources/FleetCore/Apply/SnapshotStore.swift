package import FleetModel
import FoundationEssentials
import Glibc

/// The snapshots of one fleet that this control node keeps: of each `ID.db`, `ID.token` without which it cannot be
/// restored, and `ID.json`, which is written last: what has none never became one.
package struct SnapshotStore: Sendable {
  package let directory: String

  package init(at directory: String) { self.directory = directory }

  package func path(of snapshot: K3sSnapshot) -> String { "\(directory)/\(snapshot.id).db" }
  private func tokenPath(of snapshot: K3sSnapshot) -> String { "\(directory)/\(snapshot.id).token" }
  private func description(of id: String) -> String { "\(directory)/\(id).json" }

  /// The newest first.
  package func list() -> [K3sSnapshot] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.compactMap { name -> K3sSnapshot? in
      guard name.hasSuffix(".json") else { return nil }
      let id = String(name.dropLast(".json".count))
      guard let snapshot = PrivateFile.read(description(of: id)).flatMap(K3sSnapshot.init(parsing:)), snapshot.id == id
      else { return nil }
      return snapshot
    }.sorted { ($0.takenAt, $0.node) > ($1.takenAt, $1.node) }
  }

  package func snapshot(_ id: String) -> K3sSnapshot? { list().first { $0.id == id } }

  /// `server/token` of the server that saved it; `nil`: the file beside the snapshot is gone.
  package func token(of snapshot: K3sSnapshot) -> Secret? {
    PrivateFile.read(tokenPath(of: snapshot), limit: 4096).map { bytes in
      Secret(Array(bytes.reversed().drop { $0 == 0x0A }.reversed()))
    }
  }

  /// Whether the file is the one that was fetched, to the byte.
  package func isIntact(_ snapshot: K3sSnapshot) -> Bool {
    LocalArtifact.digest(of: path(of: snapshot)) == snapshot.sha256
  }

  /// Makes the place for a snapshot. Throws where it would not fit.
  func prepare(for bytes: Int) throws(NodeFailure) {
    try PrivateFile.makeDirectory(directory)
    var status = statvfs()
    guard statvfs(directory, &status) == 0 else { return }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    guard free < bytes + Self.spareBytes else { return }
    throw NodeFailure(
      .diskFull,
      "the snapshot has \(bytes >> 20) MiB, and \(free >> 20) MiB are free in \(directory) on this control node",
      next: "make room there, or keep fewer: fleetd snapshot save --keep 2")
  }

  /// What must stay free besides the file.
  private static let spareBytes = 64 << 20

  /// Makes a file that was fetched to `path(of:)` a snapshot.
  func complete(_ snapshot: K3sSnapshot, token: Secret) throws(NodeFailure) {
    let reference = SecretReference("token")
    let bytes = Content(secret: reference).bytes(with: SecretVault([reference.name: token])) ?? []
    try PrivateFile.write(bytes + [0x0A], to: tokenPath(of: snapshot))
    try PrivateFile.write(snapshot.json, to: description(of: snapshot.id))
  }

  /// Removes all but the newest `count`, and what an interrupted run left of one that never was complete.
  func prune(keeping count: Int) throws(NodeFailure) {
    let kept = Set(list().prefix(max(1, count)).map(\.id))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    // The description goes first: what is half removed must not look like a snapshot.
    for name in names.sorted(by: { $0.hasSuffix(".json") && !$1.hasSuffix(".json") }) {
      let id = String(name.prefix(upTo: name.lastIndex(of: ".") ?? name.endIndex))
      guard !kept.contains(id), [".json", ".db", ".token", ".fleetd-new"].contains(where: name.hasSuffix) else {
        continue
      }
      try PrivateFile.remove("\(directory)/\(name)")
    }
  }
}
