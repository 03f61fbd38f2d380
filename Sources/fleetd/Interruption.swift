import FleetModel
import Glibc
import UnixSignals

/// SIGINT and SIGTERM end a run in order: what is awaited is cancelled, connections are closed, 130 is returned. A
/// second one ends it at once.
enum Interruption {
  /// `note`: what else to say of an interruption.
  static func guarding(
    note: String? = nil, _ run: @escaping @Sendable () async -> FleetModel.ExitCode
  ) async -> FleetModel.ExitCode {
    let (first, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    return await withTaskGroup(of: Void.self) { group in
      group.addTask {
        var isFirst = true
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
          guard isFirst else { endAtOnce() }
          isFirst = false
          continuation.yield()
        }
      }
      let code = await interruptible(by: first, run)
      group.cancelAll()
      if code == .interrupted {
        Console.note(["interrupted", note].compactMap { $0 }.joined(separator: ": "))
      }
      return code
    }
  }

  private static func interruptible(
    by signals: AsyncStream<Void>, _ run: @escaping @Sendable () async -> FleetModel.ExitCode
  ) async -> FleetModel.ExitCode {
    await withTaskGroup(of: FleetModel.ExitCode?.self) { group in
      group.addTask { await run() }
      group.addTask {
        for await _ in signals { return .interrupted }
        return nil
      }
      var result: FleetModel.ExitCode?
      while result == nil, let next = await group.next() { result = next }
      group.cancelAll()
      // The run closes its connections before it returns.
      await group.waitForAll()
      return result ?? .failed
    }
  }

  /// What runs on nodes is theirs: a lost connection ends a command and not a unit, and the next run finds both.
  private static func endAtOnce() -> Never {
    Console.lastWords("interrupted twice: ended at once, nothing was closed in order")
    _exit(FleetModel.ExitCode.interrupted.rawValue)
  }
}
