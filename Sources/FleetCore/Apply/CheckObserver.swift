package import FleetModel
import SSHClient

/// Observes a node with a key that may only look: what the node runs is its own, whatever it is told, and gets questions.
package struct CheckObserver: ProbeRunner {
  private let link: NodeLink
  private let progress: ProgressSink

  package init(_ link: NodeLink, progress: @escaping ProgressSink = { _ in }) {
    self.link = link
    self.progress = progress
  }

  /// What the program takes at most, for its turn and for its work.
  private static let deadline: Duration = .seconds(120)
  private static let limits = SSHOutputLimits(stdout: 24 << 20, stderr: 64 << 10)
  /// As little is asked as the node's own logs should show; it decides nothing there.
  private static let words = "fleetd-check"

  package func probe(_ requests: [ProbeRequest]) async throws(NodeFailure) -> [UInt8] {
    let connection = try await link.connection()
    progress(.connected(node: link.node))
    let result: SSHResult
    do throws(SSHError) {
      result = try await connection.execute(
        Self.words, input: .bytes(ProbeScript.input(requests)), limits: Self.limits, deadline: Self.deadline)
    } catch {
      throw NodeFailure(calling: error)
    }
    guard result.succeeded else { throw NodeFailure(asking: result) }
    return result.stdout
  }

  /// The answer, where it is one of this version's program.
  func transcript(of requests: [ProbeRequest]) async throws(NodeFailure) -> ProbeTranscript {
    let bytes = try await probe(requests)
    let transcript: ProbeTranscript
    do throws(ProbeError) { transcript = try ProbeTranscript(parsing: bytes) } catch {
      throw NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the server")
    }
    if let failure = CheckAnswer(transcript)?.failure { throw failure }
    return transcript
  }

  /// The cluster as this server's program sees it.
  func view() async throws(NodeFailure) -> ClusterView {
    let bytes = try await probe([ProbeRequest(ClusterProbe.kind)])
    do throws(ProbeError) { return try ClusterProbe.parse(bytes, from: link.node) } catch {
      throw NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the server")
    }
  }
}

extension NodeFailure {
  /// The program for keys that may only look ended otherwise than with 0.
  fileprivate init(asking result: SSHResult) {
    let said = TerminalText.tail(of: String(decoding: result.stderr, as: UTF8.self), lines: 4).joined(separator: "\n")
    self.init(
      .probeFailed,
      "the node's program for keys that may only look ended with \(result.exit.text): "
        + (said.isEmpty ? "it said nothing" : said),
      next: "fleetd --once, on the control node, puts it in order")
  }
}
