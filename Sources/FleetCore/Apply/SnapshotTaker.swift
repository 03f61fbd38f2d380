import FleetModel
import SSHClient

/// Saves a cluster's etcd on a living server and brings the file here, with the token beside it.
///
/// What it leaves on a server is a file that k3s itself made, and its own retention there: it changes nothing else.
struct SnapshotTaker: Sendable {
  /// The servers' links, in the order in which they are asked.
  private let links: [NodeLink]
  private let state: ControlNodeState
  /// Seconds since 1970 UTC, of the control node.
  private let now: @Sendable () -> Int

  init(_ links: [NodeLink], state: ControlNodeState, now: @escaping @Sendable () -> Int) {
    self.links = links
    self.state = state
    self.now = now
  }

  private static let messages = SSHOutputLimits(stdout: 64 << 10, stderr: 64 << 10)

  /// From the first server that can. One that is away, or has no member of etcd, is followed by the next.
  func take(
    _ request: SnapshotRequest, within deadline: Duration, report: @Sendable (String) -> Void
  ) async throws(NodeFailure) -> K3sSnapshot {
    var last = NodeFailure(.apiUnreachable, "there is no server to ask")
    for link in links {
      do throws(NodeFailure) {
        return try await take(request, over: link, within: deadline, report)
      } catch {
        guard error.isTransient else { throw error }
        last = error
      }
    }
    throw last
  }

  private func take(
    _ request: SnapshotRequest, over link: NodeLink, within deadline: Duration, _ report: @Sendable (String) -> Void
  ) async throws(NodeFailure) -> K3sSnapshot {
    let store = state.snapshots(of: request.fleet)
    // A snapshot is named after its second, and two are never named alike.
    let takenAt = max(now(), (store.list().map(\.takenAt).max() ?? 0) + 1)
    report("etcd is saved on \(link.node)")
    let name = "\(SnapshotScript.prefix)-\(UTCTime(takenAt).compact.lowercased())"
    let saved = try await saved(as: name, over: link, within: deadline)
    let snapshot = K3sSnapshot(of: request.fleet, from: link.node, saved, at: takenAt)
    try store.prepare(for: saved.size)
    report("\(SnapshotTable.size(saved.size)) are fetched from \(link.node)")
    try await fetch(saved, to: store.path(of: snapshot), over: link, within: deadline)
    try store.complete(snapshot, token: saved.token)
    try store.prune(keeping: request.retention)
    do throws(NodeFailure) {
      _ = try await run(SnapshotScript.prune, ["\(request.retention)"], over: link, within: .seconds(90))
    } catch {
      // The snapshot is safe; one too many on the server is no reason to stop.
      report(error.message)
    }
    return snapshot
  }

  private func saved(
    as name: String, over link: NodeLink, within deadline: Duration
  ) async throws(NodeFailure) -> SavedSnapshot {
    let bytes = try await run(SnapshotScript.save, [name], over: link, within: deadline)
    do throws(ProbeError) { return try SavedSnapshot(parsing: bytes) } catch {
      throw NodeFailure(
        .probeGarbled, "\(link.node): \(error.message)", next: "log in and look at k3s etcd-snapshot ls")
    }
  }

  private func run(
    _ script: StepScript, _ fields: [String], over link: NodeLink, within deadline: Duration
  ) async throws(NodeFailure) -> [UInt8] {
    let result = try await link.run(
      ServerScript.text(for: script), input: NodeScript.line(fields), limits: Self.messages, deadline: deadline)
    guard result.succeeded else { throw NodeFailure(onServer: result, link) }
    return result.stdout
  }

  private func fetch(
    _ saved: SavedSnapshot, to path: String, over link: NodeLink, within deadline: Duration
  ) async throws(NodeFailure) {
    let connection = try await link.connection()
    let script = NodeScript.framed(ServerScript.text(for: SnapshotScript.fetch))
    do throws(SSHError) {
      try await connection.download(
        NodeScript.command(with: link.elevation),
        input: .bytes(link.elevation.preamble + script + NodeScript.line([saved.path, "\(saved.size)"])),
        size: saved.size, sha256: saved.sha256, to: path, deadline: deadline)
    } catch {
      throw NodeFailure(calling: error)
    }
  }
}
