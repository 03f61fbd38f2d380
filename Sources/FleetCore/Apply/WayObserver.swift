package import FleetModel
import SSHClient

/// Goes the way to one node, as far as it leads, and tells what it saw. It reads and never writes.
package struct WayObserver: Sendable {
  private let link: NodeLink
  /// Seconds since 1970 UTC, of the control node.
  private let now: @Sendable () -> Int

  private static let deadline: Duration = .seconds(30)
  private static let limits = SSHOutputLimits(stdout: 1 << 20, stderr: 64 << 10)

  package init(_ link: NodeLink, now: @escaping @Sendable () -> Int) {
    self.link = link
    self.now = now
  }

  package func observe() async -> WayObservation {
    async let addresses = link.addresses()
    do throws(NodeFailure) {
      let connection = try await link.connection()
      let answer = await answer()
      let login = WayObservation.Login(
        server: connection.server, hostKey: connection.hostKey.description, identity: connection.identity,
        answer: answer,
        sudo: await sudoRefusal())
      return WayObservation(addresses: await addresses, login: .success(login))
    } catch {
      return WayObservation(addresses: await addresses, login: .failure(error))
    }
  }

  private func answer() async -> NodeObservation {
    let sent = now()
    do throws(NodeFailure) {
      let result = try await link.runUnprivileged(
        WayProbe.script, input: WayProbe.input, limits: Self.limits, deadline: Self.deadline)
      do throws(ProbeError) {
        let transcript = try ProbeTranscript(parsing: result.stdout)
        return NodeObservation(answer: .success(transcript), sent: sent, received: now())
      } catch {
        throw NodeFailure(shell: result, user: link.user) ?? NodeFailure(.probeGarbled, error.message)
      }
    } catch {
      return NodeObservation(answer: .failure(error), sent: sent, received: now())
    }
  }

  /// `nil`: sudo runs commands.
  private func sudoRefusal() async -> NodeFailure? {
    do throws(NodeFailure) {
      let result = try await link.run(":", input: [], limits: Self.limits, deadline: Self.deadline)
      return result.succeeded ? nil : NodeFailure(probe: result, user: link.user)
    } catch {
      return error
    }
  }
}

extension NodeFailure {
  /// A shell that does not run what it is told; `nil`: it did.
  fileprivate init?(shell result: SSHResult, user: String) {
    guard !result.succeeded else { return nil }
    let said = [result.stderr, result.stdout].lazy
      .map { TerminalText.tail(of: String(decoding: $0, as: UTF8.self), lines: 2).joined(separator: " ") }
      .first { !$0.isEmpty }
    self.init(
      .probeFailed, "the shell of \(user) ended with \(result.exit.text): \(said ?? "it said nothing")",
      next: "on the node, as root: usermod -s /bin/sh \(user), and look at its shell's profile")
  }
}
