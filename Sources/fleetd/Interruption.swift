import FleetModel
import UnixSignals

/// SIGINT and SIGTERM end a run in order: what is awaited is cancelled, connections are closed, 130 is returned.
enum Interruption {
  /// `note`: what else to say of an interruption.
  static func guarding(
    note: String? = nil, _ run: @escaping @Sendable () async -> FleetModel.ExitCode
  ) async -> FleetModel.ExitCode {
    await withTaskGroup(of: FleetModel.ExitCode?.self) { group in
      group.addTask { await run() }
      group.addTask {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return .interrupted }
        return nil
      }
      var result: FleetModel.ExitCode?
      while result == nil, let next = await group.next() { result = next }
      group.cancelAll()
      // The run closes its connections before it returns.
      await group.waitForAll()
      if result == .interrupted {
        Console.note(["interrupted", note].compactMap { $0 }.joined(separator: ": "))
      }
      return result ?? .failed
    }
  }
}
