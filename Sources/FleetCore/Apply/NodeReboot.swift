import FleetModel
import SSHClient

/// Restarts a node and awaits it: a new boot id, then a system that has settled.
struct NodeReboot {
  private let link: NodeLink

  init(_ link: NodeLink) { self.link = link }

  func run(deadline: Duration) async throws(NodeFailure) {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: deadline)
    let before = try await bootID(.seconds(20))
    try await order()
    await link.close()
    var lastProblem = "it still answers with the old boot id"
    while clock.now < end {
      do throws(NodeFailure) {
        if try await bootID(.seconds(20)) != before {
          try await settle(within: end - clock.now)
          return
        }
      } catch {
        // A machine that goes down or comes up answers in strange ways; only these no waiting mends.
        let isFinal = [.cancelled, .hostKeyChanged, .hostKeyUnknown, .identityUnusable].contains(error.reason)
        guard !isFinal else { throw error }
        lastProblem = error.message
      }
      await link.close()
      // A machine that boots tells nobody: asking again is the only way to know.
      do { try await clock.sleep(for: Self.pause) } catch {
        throw NodeFailure(.cancelled, "cancelled while the node reboots")
      }
    }
    throw NodeFailure(
      .rebootTimedOut, "not back within \(DurationText.render(deadline)) after its reboot: \(lastProblem)",
      next: "look at its console and power; the previous cmdline.txt is beside it as cmdline.txt.fleetd-backup")
  }

  private static let pause: Duration = .seconds(1)

  private func bootID(_ deadline: Duration) async throws(NodeFailure) -> String {
    let script = "cat /proc/sys/kernel/random/boot_id"
    let result = try await link.run(script, input: [], limits: SSHOutputLimits(), deadline: deadline)
    guard result.succeeded, let line = String(decoding: result.stdout, as: UTF8.self).split(separator: "\n").last else {
      throw NodeFailure(step: result, user: link.user)
    }
    return String(line)
  }

  /// The connection may well be cut before the answer arrives.
  private func order() async throws(NodeFailure) {
    do throws(NodeFailure) {
      let result = try await link.run(
        "sync; systemctl reboot", input: [], limits: SSHOutputLimits(), deadline: .seconds(30))
      if case .status(let status) = result.exit, status != 0 { throw NodeFailure(step: result, user: link.user) }
    } catch {
      guard error.reason == .connectionLost || error.reason == .stepTimedOut else { throw error }
    }
  }

  /// "degraded" is settled too: some unit failed, which the next plan tells if anybody declared it.
  private func settle(within rest: Duration) async throws(NodeFailure) {
    let script = #"""
      state=$(timeout "$(cat)" systemctl is-system-running --wait)
      case $state in running | degraded) ;; *) echo "the system is $state" >&2; exit 75 ;; esac
      """#
    let seconds = max(1, rest.components.seconds)
    let result = try await link.run(
      script, input: Array("\(seconds)".utf8), limits: SSHOutputLimits(), deadline: rest + .seconds(5))
    guard result.succeeded else { throw NodeFailure(step: result, user: link.user) }
  }
}
