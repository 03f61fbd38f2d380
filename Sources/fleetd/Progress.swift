import FleetApply
import FleetModel

/// What a run tells on standard error while it runs: a line for each node that is redrawn in place on a terminal, plain
/// lines in a pipe, with `--verbose` plain lines of everything, with `--quiet` what failed.
struct Progress: Sendable {
  private let options: SharedOptions
  private let display: LiveDisplay?

  /// - Parameter isLive: `false` where few steps run on one node and each deserves its line.
  init(_ options: SharedOptions, isLive: Bool = true) {
    self.options = options
    display = isLive && LiveDisplay.isPossible && !options.quiet && !options.verbose ? LiveDisplay() : nil
  }

  var sink: ProgressSink {
    { event in
      display?.apply(event)
      if isTold(event) { Console.progress(Self.line(for: event)) }
    }
  }

  /// Shows the live lines, if there are any, while `work` runs.
  func showing<Result>(_ work: () async -> Result) async -> Result {
    guard let display else { return await work() }
    return await display.showing(work)
  }

  private func isTold(_ event: ProgressEvent) -> Bool {
    switch event {
    case .notObserved, .stepFailed: true
    case .hook: !options.quiet
    case .observing, .fetching, .waiting, .stepStarted, .hookStarted: !options.quiet && display == nil
    case .connected, .observed, .stepSucceeded, .turnEnded: options.verbose
    case .sighted: false
    }
  }

  private static func line(for event: ProgressEvent) -> String {
    switch event {
    case .observing(let nodes): "observing \(nodes.count) node\(nodes.count == 1 ? "" : "s")"
    case .connected(let node): "\(node): connected"
    case .observed(let node): "\(node): observed"
    case .notObserved(let node, let failure): "\(node): not observed: \(TerminalText.escape(failure.message))"
    case .fetching(let what): "fetching \(TerminalText.escape(what))"
    case .waiting(let node, let what): "\(node): \(TerminalText.escape(what)); waiting"
    case .stepStarted(let node, let step): "\(node): \(TerminalText.escape(step.title))"
    case .stepSucceeded(let node, let step): "\(node): done: \(TerminalText.escape(step.title))"
    case .sighted(let node, _): "\(node): seen"
    case .stepFailed(let node, let failure):
      "\(node): failed: \(TerminalText.escape(failure.step)): \(TerminalText.escape(failure.failure.message))"
    case .hookStarted(let event, let node): "\(node.map { $0 + ": " } ?? "")hook \(event.rawValue)"
    case .hook(let event, let node, let line): "\(node.map { $0 + ": " } ?? "")hook \(event.rawValue): \(line)"
    case .turnEnded(let node, let isWaiting): "\(node): \(isWaiting ? "waits for its turn" : "done")"
    }
  }
}
