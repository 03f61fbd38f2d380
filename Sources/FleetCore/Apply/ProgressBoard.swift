import FleetModel

/// Where each node of a run is, drawn as a few lines of a terminal. A value: events go in, lines come out.
package struct ProgressBoard: Sendable {
  private struct Row {
    var state: State
    /// When it came into this state, on the caller's clock.
    var since: Duration
  }

  private enum State: Equatable {
    case connecting, observing, observed
    /// Its turn is still to come.
    case waiting(String)
    case step(String)
    case done, failed, notObserved

    var isActive: Bool {
      switch self {
      case .connecting, .observing, .step: true
      case .waiting, .observed, .done, .failed, .notObserved: false
      }
    }
  }

  private var rows: [String: Row] = [:]
  /// What happens on the control node, for all nodes.
  private var here: String?

  package init() {}

  /// - Parameter now: how long the run has taken.
  package mutating func apply(_ event: ProgressEvent, at now: Duration) {
    here = nil
    switch event {
    case .observing(let nodes):
      rows = [:]
      for node in nodes { rows[node] = Row(state: .connecting, since: now) }
    case .connected(let node): set(node, .observing, now)
    case .observed(let node): set(node, .observed, now)
    case .notObserved(let node, _): set(node, .notObserved, now)
    case .fetching(let what): here = "fetching " + what
    case .waiting(let node, let what): set(node, .waiting(what), now)
    case .stepStarted(let node, let step): set(node, .step(step.title), now)
    case .hookStarted(let event, let node?): set(node, .step("hook \(event.rawValue)"), now)
    case .hookStarted(let event, node: nil): here = "hook \(event.rawValue)"
    case .stepSucceeded, .sighted, .hook: break
    case .stepFailed(let node, _): set(node, .failed, now)
    case .turnEnded(let node, let isWaiting): set(node, isWaiting ? .waiting("waiting for its turn") : .done, now)
    }
  }

  private mutating func set(_ node: String, _ state: State, _ now: Duration) {
    // What failed stays failed, whatever ends after it.
    guard rows[node]?.state != .failed || state == .connecting else { return }
    rows[node] = Row(state: state, since: now)
  }

  /// At most `height` lines of at most `width` columns each, escaped; none before the first event.
  ///
  /// A fleet that fits has a line for each node. Of a larger one the nodes that are busy are shown, those that have been
  /// so for longest first, and the others are counted.
  package func lines(width: Int, height: Int, at now: Duration) -> [String] {
    guard height > 0, width > 0, !rows.isEmpty || here != nil else { return [] }
    let names = rows.keys.sorted()
    var shown = names
    if names.count + 1 > height {
      let busy = names.filter { rows[$0]?.state.isActive == true }
      shown = Array(busy.sorted { order(of: $0) < order(of: $1) }.prefix(height - 1))
    }
    let column = shown.map { TerminalText.columns(of: TerminalText.escape($0)) }.max() ?? 0
    var lines = shown.compactMap { name in rows[name].map { line(name, $0, min(column, width / 2), width, now) } }
    if shown.count < names.count || here != nil { lines.append(summary) }
    return lines.map { TerminalText.cut($0, toColumns: width) }
  }

  private func order(of name: String) -> (Duration, String) { (rows[name]?.since ?? .zero, name) }

  private func line(_ name: String, _ row: Row, _ column: Int, _ width: Int, _ now: Duration) -> String {
    let safe = TerminalText.cut(TerminalText.escape(name), toColumns: column)
    let padding = String(repeating: " ", count: max(0, column - TerminalText.columns(of: safe)))
    let seconds = max(0, (now - row.since).components.seconds)
    let elapsed = row.state.isActive && seconds > 0 ? "  \(seconds)s" : ""
    return TerminalText.cut("  \(safe)\(padding)  \(words(for: row.state))", toColumns: width - elapsed.count) + elapsed
  }

  private func words(for state: State) -> String {
    switch state {
    case .connecting: "connecting"
    case .observing: "observing"
    case .observed: "observed"
    case .waiting(let what): TerminalText.escape(what)
    case .step(let title): TerminalText.escape(title)
    case .done: "done"
    case .failed: "failed"
    case .notObserved: "not observed"
    }
  }

  private var summary: String {
    if let here { return "  " + TerminalText.escape(here) }
    let states = rows.values.map(\.state)
    let counts = [
      (states.count { $0.isActive }, "busy"),
      (states.count { if case .waiting = $0 { true } else { false } }, "waiting"),
      (states.count { $0 == .observed }, "observed"), (states.count { $0 == .done }, "done"),
      (states.count { $0 == .failed }, "failed"), (states.count { $0 == .notObserved }, "not observed"),
    ]
    return "  \(rows.count) nodes: "
      + counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}
