package import FleetModel
import SSHClient

/// Observes what runs on a node that no inventory names yet, in one round trip. It can do nothing else.
package struct AdoptionObserver: Sendable {
  private let link: NodeLink

  package init(_ link: NodeLink) { self.link = link }

  /// dpkg's whole database and every file of a few directories: slower than a check.
  private static let deadline: Duration = .seconds(120)
  private static let limits = SSHOutputLimits(stdout: 16 << 20, stderr: 64 << 10)

  package func observe() async throws(NodeFailure) -> AdoptionObservation {
    let result = try await link.run(
      AdoptionProbe.script, input: ProbeScript.input(AdoptionProbe.requests), limits: Self.limits,
      deadline: Self.deadline)
    guard result.succeeded else { throw NodeFailure(probe: result, user: link.user) }
    do throws(ProbeError) {
      return try AdoptionObservation(ProbeTranscript(parsing: result.stdout))
    } catch {
      throw NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the node")
    }
  }
}
