import FleetApply
import FleetModel

/// Events as lines on standard error.
enum Progress {
  static func sink(isVerbose: Bool) -> ProgressSink {
    { event in
      if let line = line(for: event, isVerbose: isVerbose) { Console.progress(line) }
    }
  }

  private static func line(for event: ProgressEvent, isVerbose: Bool) -> String? {
    switch event {
    case .observing(let count): "observing \(count) node\(count == 1 ? "" : "s")"
    case .observed(let node): isVerbose ? "\(node): observed" : nil
    case .notObserved(let node, let failure): "\(node): not observed: \(TerminalText.escape(failure.message))"
    case .fetching(let what): "fetching \(TerminalText.escape(what))"
    case .waiting(let node, let what): "\(node): \(TerminalText.escape(what)); waiting"
    case .stepStarted(let node, let title): "\(node): \(TerminalText.escape(title))"
    case .stepSucceeded(let node, let title): isVerbose ? "\(node): done: \(TerminalText.escape(title))" : nil
    case .stepFailed(let node, let failure):
      "\(node): failed: \(TerminalText.escape(failure.step)): \(TerminalText.escape(failure.failure.message))"
    }
  }
}
