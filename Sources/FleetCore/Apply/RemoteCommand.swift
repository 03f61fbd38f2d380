package import FleetModel
import SSHClient

/// A command that a person runs on nodes by `fleetd exec`: besides the steps of a plan the only thing that can change a
/// node, and no part of the desired state.
package struct RemoteCommand: Sendable {
  private let words: [String]
  private let isRoot: Bool
  private let deadline: Duration

  /// How many nodes are busy with it at the same time.
  private static let concurrency = 32
  /// Bytes of output of one node, beyond which the command is ended.
  private static let limits = SSHOutputLimits(stdout: 1 << 20, stderr: 256 << 10)

  /// - Parameters:
  ///   - words: the command and its arguments, which it gets exactly as they are; no shell reads them.
  ///   - isRoot: whether it runs as root, by sudo, instead of as the account that fleetd logs in as.
  ///   - deadline: how long it may take on one node, the connection included.
  package init(_ words: [String], asRoot isRoot: Bool, deadline: Duration) {
    self.words = words
    self.isRoot = isRoot
    self.deadline = deadline
  }

  /// What the command left behind on one node.
  package enum Outcome: Sendable {
    /// It ended by itself: its whole output, and `nil` for exit status 0, else how it ended: "exit status 3".
    case ended(output: [UInt8], errors: [UInt8], problem: String?)
    /// It could not be run, or not to its end.
    case failed(NodeFailure)
  }

  /// Runs it on all of them, several at a time; `each` hears of a node when that one is done.
  package func run(
    on links: [NodeLink], each: @escaping @Sendable (_ node: String, Outcome) -> Void
  ) async {
    await withTaskGroup(of: Void.self) { group in
      var waiting = links.makeIterator()
      for link in (0..<Self.concurrency).compactMap({ _ in waiting.next() }) {
        group.addTask { each(link.node, await run(on: link)) }
      }
      while await group.next() != nil {
        if let link = waiting.next() { group.addTask { each(link.node, await run(on: link)) } }
      }
    }
  }

  private func run(on link: NodeLink) async -> Outcome {
    do throws(NodeFailure) {
      guard !Task.isCancelled else { throw NodeFailure(.cancelled, "cancelled before it began") }
      let result = try await isRoot ? runAsRoot(link) : runAsAccount(link)
      if let refusal = refusal(in: result, of: link) { return .failed(refusal) }
      return .ended(
        output: result.stdout, errors: result.stderr, problem: result.succeeded ? nil : result.exit.text)
    } catch {
      guard error.reason == .stepTimedOut else { return .failed(error) }
      return .failed(
        NodeFailure(
          .stepTimedOut, "no answer within \(DurationText.render(deadline)); the command may still run there",
          next: "give it longer with --timeout, or look at the node"))
    }
  }

  private func runAsAccount(_ link: NodeLink) async throws(NodeFailure) -> SSHResult {
    let connection = try await link.connection()
    do throws(SSHError) {
      return try await connection.execute(
        ShellQuoting.commandLine(words), input: .none, limits: Self.limits, deadline: deadline)
    } catch {
      throw NodeFailure(calling: error)
    }
  }

  /// The same way as the steps go: sudo's log shows no argument.
  private func runAsRoot(_ link: NodeLink) async throws(NodeFailure) -> SSHResult {
    try await link.run(
      ShellQuoting.commandLine(words) + " < /dev/null", input: [], limits: Self.limits, deadline: deadline)
  }

  private func refusal(in result: SSHResult, of link: NodeLink) -> NodeFailure? {
    guard isRoot else { return nil }
    return NodeFailure.sudoRefusal(result, String(decoding: result.stderr.prefix(4096), as: UTF8.self), link.user)
  }
}
