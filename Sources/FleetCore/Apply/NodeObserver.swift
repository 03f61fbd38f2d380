package import FleetModel
import SSHClient

/// Observes one node over its link. It can do nothing else: check mode is given this and no step runner.
package struct NodeObserver: ProbeRunner {
  private let link: NodeLink
  private let progress: ProgressSink

  package init(_ link: NodeLink, progress: @escaping ProgressSink = { _ in }) {
    self.link = link
    self.progress = progress
  }

  /// A Pi 3 with a slow card answers within seconds; a mebibyte of records is a hundred large files.
  private static let deadline: Duration = .seconds(60)
  private static let limits = SSHOutputLimits(stdout: 8 << 20, stderr: 64 << 10)

  package func probe(_ requests: [ProbeRequest]) async throws(NodeFailure) -> [UInt8] {
    let result: SSHResult
    try await link.connect()
    progress(.connected(node: link.node))
    do throws(NodeFailure) {
      result = try await link.run(
        ResourceRegistry.probeScript, input: ProbeScript.input(requests), limits: Self.limits, deadline: Self.deadline)
    } catch {
      guard error.reason == .stepTimedOut else { throw error }
      throw NodeFailure(
        .probeTimedOut, "connected, but the node did not answer the probe within \(DurationText.render(Self.deadline))",
        next: "log in and look at its load, its disk and its memory")
    }
    guard result.succeeded else { throw NodeFailure(probe: result, user: link.user) }
    return result.stdout
  }
}

extension NodeFailure {
  /// The probe's command ended otherwise than with 0.
  init(probe result: SSHResult, user: String) {
    let said = TerminalText.tail(of: String(decoding: result.stderr, as: UTF8.self), lines: 4).joined(separator: "\n")
    if let refusal = Self.sudoRefusal(result, said, user) {
      self = refusal
    } else {
      self.init(
        .probeFailed, "the probe ended with \(result.exit.text): \(said.isEmpty ? "it said nothing" : said)",
        next: "log in as \(user) and run: sudo -n sh -c 'command -v stat sha256sum dpkg systemctl'")
    }
  }
}

extension SSHResult.Exit {
  var text: String {
    switch self {
    case .status(let status): "exit status \(status)"
    case .signal(let name): "signal \(name)"
    case .missing: "no exit status"
    }
  }
}
