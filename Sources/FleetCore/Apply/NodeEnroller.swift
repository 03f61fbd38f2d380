package import FleetModel
import SSHClient

/// Installs fleetd's account on a node over somebody else's login, tries it, and takes everything back unless it works.
package struct NodeEnroller: Sendable {
  /// As the one who may use sudo there today.
  private let link: NodeLink
  /// As fleetd will log in, with the control node's key.
  private let own: NodeLink
  private let progress: ProgressSink

  private static let limits = SSHOutputLimits(stdout: 1 << 20, stderr: 64 << 10)
  private static let deadline: Duration = .seconds(30)

  package init(by link: NodeLink, for own: NodeLink, progress: @escaping ProgressSink) {
    self.link = link
    self.own = own
    self.progress = progress
  }

  /// What is there of fleetd's account.
  package func observe() async throws(NodeFailure) -> EnrolmentObservation {
    let result = try await link.run(
      EnrolmentProbe.script, input: EnrolmentProbe.input(own.user), limits: Self.limits, deadline: Self.deadline)
    guard result.succeeded else { throw NodeFailure(probe: result, user: link.user) }
    do throws(ProbeError) {
      return try EnrolmentObservation(try ProbeTranscript(parsing: result.stdout))
    } catch {
      throw NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the node")
    }
  }

  /// Why a new login as fleetd's account does not work, or not with sudo; `nil`: it does.
  package func trial() async -> NodeFailure? { await Self.trial(of: own) }

  /// The same for any way to a node.
  package static func trial(of link: NodeLink) async -> NodeFailure? {
    // A new connection: an old one says nothing of what the next will be allowed.
    await link.close()
    do throws(NodeFailure) {
      let result = try await link.run(":", input: [], limits: limits, deadline: deadline)
      await link.close()
      return result.succeeded ? nil : NodeFailure(probe: result, user: link.user)
    } catch {
      await link.close()
      return error
    }
  }

  /// Does it, tries it, and keeps it or takes it back.
  package func enrol(_ enrolment: Enrolment, key: String) async throws(StepFailure) {
    do throws(StepFailure) {
      try await FleetApplier.enrol(enrolment.steps, over: link, progress: progress)
      progress(.waiting(node: own.node, what: "logging in as \(own.user) with the key, and sudo"))
      if let failure = await trial() {
        // The rule that sudo would need is written already: another one is stronger.
        let next = "on the node, as root: sudo -l -U \(own.user) shows which rules of sudoers win"
        throw StepFailure(
          step: "log in as \(own.user)",
          failure: failure.reason == .sudoRefused ? NodeFailure(.sudoRefused, failure.message, next: next) : failure)
      }
    } catch {
      do throws(StepFailure) {
        try await FleetApplier.enrol([Enrolment.undo(own.user, key: key)], over: link, progress: progress)
      } catch let undoing {
        let message = "\(error.failure.message); and what was made is still there: \(undoing.failure.message)"
        throw StepFailure(
          step: error.step, failure: NodeFailure(error.failure.reason, message, next: undoing.failure.next))
      }
      throw error
    }
    try await FleetApplier.enrol([Enrolment.keep], over: link, progress: progress)
  }
}
