package import FleetModel
import SSHClient

/// Looks at the cluster through its servers. It can do nothing else: check mode is given this and no operator.
package struct ClusterObserver: Sendable {
  /// The servers' links, in the order in which they are asked.
  private let links: [NodeLink]
  private let access: NodeAccess

  package init(_ links: [NodeLink], access: NodeAccess = .full) {
    self.links = links
    self.access = access
  }

  private static let deadline: Duration = .seconds(60)
  /// A Node object takes some kilobytes.
  private static let limits = SSHOutputLimits(stdout: 16 << 20, stderr: 64 << 10)

  /// The view of the first server that answers; those that `preferring` names are asked first.
  package func observe(preferring names: [String] = []) async -> ClusterObservation {
    var problems: [String: String] = [:]
    for link in links.preferring(names) {
      do throws(NodeFailure) {
        let view = try await view(over: link)
        if let problem = view.problem {
          problems[link.node] = problem
        } else {
          return .init(view: view, problems: problems)
        }
      } catch {
        problems[link.node] = error.message
      }
    }
    return ClusterObservation(view: nil, problems: problems)
  }

  /// The cluster as this server sees it; one that cannot be asked sees nothing, and the view says why.
  func view(from server: String) async -> ClusterView {
    var problem = "there is no way to it"
    if let link = links.first(where: { $0.node == server }) {
      do throws(NodeFailure) { return try await view(over: link) } catch { problem = error.message }
    }
    return ClusterView(server: server, clock: 0, authority: nil, problem: problem, nodes: [])
  }

  private func view(over link: NodeLink) async throws(NodeFailure) -> ClusterView {
    guard access == .full else { return try await CheckObserver(link).view() }
    let bytes = try await read(ClusterProbe.script, over: link, limits: Self.limits, deadline: Self.deadline)
    do throws(ProbeError) { return try ClusterProbe.parse(bytes, from: link.node) } catch {
      throw NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the server")
    }
  }

  /// What a constant script that only reads writes on the first of these servers that answers (exit status 0).
  ///
  /// - Parameter mostBytes: that it may write.
  /// - Throws: why the last of them did not.
  package func read(
    _ script: String, input: [UInt8], mostBytes: Int, deadline: Duration, preferring names: [String] = []
  ) async throws(NodeFailure) -> [UInt8] {
    var last = NodeFailure(.apiUnreachable, "there is no server to ask", next: "give one Node role: server")
    for link in links.preferring(names) {
      do throws(NodeFailure) {
        let limits = SSHOutputLimits(stdout: mostBytes, stderr: 64 << 10)
        return try await read(script, input: input, over: link, limits: limits, deadline: deadline)
      } catch {
        last = error
      }
    }
    throw last
  }

  /// What a server's program for keys that may only look answers: that of the first of these servers that does.
  ///
  /// - Throws: why the last of them did not.
  package func ask(
    _ requests: [ProbeRequest], preferring names: [String] = []
  ) async throws(NodeFailure) -> ProbeTranscript {
    var last = NodeFailure(.apiUnreachable, "there is no server to ask", next: "give one Node role: server")
    for link in links.preferring(names) {
      do throws(NodeFailure) { return try await CheckObserver(link).transcript(of: requests) } catch { last = error }
    }
    throw last
  }

  private func read(
    _ script: String, input: [UInt8] = [], over link: NodeLink, limits: SSHOutputLimits, deadline: Duration
  ) async throws(NodeFailure) -> [UInt8] {
    let result = try await link.run(script, input: input, limits: limits, deadline: deadline)
    guard result.succeeded else { throw NodeFailure(onServer: result, link) }
    return result.stdout
  }
}

extension [NodeLink] {
  /// These first, in that order.
  func preferring(_ names: [String]) -> [NodeLink] {
    names.compactMap { name in first { $0.node == name } } + filter { !names.contains($0.node) }
  }

  /// This one last.
  func sparing(_ name: String?) -> [NodeLink] { filter { $0.node != name } + filter { $0.node == name } }
}

extension NodeFailure {
  /// A script about the cluster ended otherwise than with 0: the statuses are those of `ServerScript`.
  init(onServer result: SSHResult, _ link: NodeLink) {
    let failure = NodeFailure(step: result, user: link.user)
    guard case .status(let status) = result.exit else {
      self = failure
      return
    }
    switch Int(status) {
    case ServerScript.notAnswering:
      self.init(
        .apiUnreachable, "\(link.node): \(failure.message)",
        next: "look at k3s there: journalctl -u k3s; and at the other servers")
    case ServerScript.notMoved:
      self.init(
        .drainFailed, failure.message,
        next: "the node stays cordoned, by fleetd; give the named pods another place, then run again")
    case ServerScript.locked:
      self.init(.rolloutLocked, failure.message, next: "run again when it is done")
    default:
      self = failure
    }
  }
}
