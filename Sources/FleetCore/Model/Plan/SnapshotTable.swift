/// Snapshots as a person reads them.
package enum SnapshotTable {
  package static func text(of snapshots: [K3sSnapshot]) -> String {
    let heading = ["SNAPSHOT", "TAKEN", "RELEASE", "SIZE", "SERVER"]
    let rows =
      [heading]
      + snapshots.map { snapshot in
        [
          snapshot.id, UTCTime(snapshot.takenAt).minutes, snapshot.version, size(of: snapshot),
          snapshot.node,
        ].map { TerminalText.escape($0) }
      }
    let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let line = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }.joined(separator: "  ")
      return line.trimmingWhitespace() + "\n"
    }.joined()
  }

  /// `748 KiB`, `12 MiB`.
  package static func size(of snapshot: K3sSnapshot) -> String { size(snapshot.size) }

  package static func size(_ bytes: Int) -> String {
    bytes >= 10 << 20 ? "\(bytes >> 20) MiB" : "\(max(1, bytes >> 10)) KiB"
  }
}
