import FleetApply
import FleetModel
import Synchronization

/// A line for each node on the terminal, redrawn while something happens.
final class LiveDisplay: Sendable {
  private let board = Mutex(ProgressBoard())
  private let start = ContinuousClock.now

  /// Whether standard error is a terminal that can be drawn on, and a person may be looking.
  static var isPossible: Bool {
    guard Console.isTerminal(2), let terminal = Console.variable("TERM") else { return false }
    return terminal != "dumb" && !terminal.isEmpty && Console.variable("CI") == nil
  }

  func apply(_ event: ProgressEvent) {
    board.withLock { $0.apply(event, at: elapsed) }
  }

  /// Shows the board while `work` runs, and takes it away before it returns.
  func showing<Result>(_ work: () async -> Result) async -> Result {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        // Shown times grow without an event, and windows change their size: drawn anew ten times a second, until the
        // work ends and cancels this.
        while (try? await Task.sleep(for: .milliseconds(100))) != nil { self.draw() }
      }
      let result = await work()
      group.cancelAll()
      await group.waitForAll()
      Console.hideFrame()
      return result
    }
  }

  private var elapsed: Duration { ContinuousClock.now - start }

  private func draw() {
    Console.show { width, height in
      // The last column stays free: a line that fills it makes some terminals wrap.
      board.withLock { $0.lines(width: width - 1, height: min(height - 1, 40), at: elapsed) }
    }
  }
}
