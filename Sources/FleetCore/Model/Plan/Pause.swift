/// Somebody's word that a node is to be left as it is for a while. It is observed all the same.
package struct Pause: Sendable, Hashable {
  package let node: String
  /// A person's words, which renderers escape.
  package let reason: String
  /// Seconds since 1970 UTC.
  package let since: Int
  /// When it ends by itself; `nil`: `fleetd resume` ends it.
  package let until: Int?

  package init(node: String, reason: String, since: Int, until: Int?) {
    self.node = node
    self.reason = reason
    self.since = since
    self.until = until
  }

  package func isInForce(at now: Int) -> Bool { until.map { now < $0 } ?? true }

  /// `paused until 2026-11-21 05:00 UTC: new SSD`.
  package var words: String {
    "paused" + (until.map { " until \(UTCTime($0).minutes)" } ?? "") + (reason.isEmpty ? "" : ": \(reason)")
  }

  /// What holds the node's changes.
  package var hold: Finding {
    Finding(.held, .paused, Host.kind, words, next: "fleetd resume \(node)")
  }
}

/// All pauses of a fleet, one a node. A value with its own text.
package struct PauseList: Sendable, Hashable {
  private var pauses: [String: Pause] = [:]

  package init(_ pauses: [Pause] = []) { for pause in pauses { set(pause) } }

  package mutating func set(_ pause: Pause) { pauses[pause.node] = pause }

  /// Whether there was one.
  package mutating func remove(_ node: String) -> Bool { pauses.removeValue(forKey: node) != nil }

  /// Sorted by node.
  package func inForce(at now: Int) -> [Pause] {
    pauses.values.filter { $0.isInForce(at: now) }.sorted { $0.node < $1.node }
  }

  /// What they hold, by node.
  package func holds(at now: Int) -> [String: Finding] {
    Dictionary(inForce(at: now).map { ($0.node, $0.hold) }) { first, _ in first }
  }

  /// Those in force, as a file has them.
  package func text(at now: Int) -> String {
    let entries = inForce(at: now).map { pause in
      JSONText.object([
        .init("node", .string(pause.node)), .init("reason", .string(pause.reason)),
        .init("since", .integer(Int64(pause.since))),
        .init("until", pause.until.map { .integer(Int64($0)) } ?? .null),
      ])
    }
    return JSONText.object([.init("pauses", .array(entries))]).text() + "\n"
  }

  /// `nil`: it is no such text.
  package init?(parsing bytes: [UInt8]) {
    guard let entries = (try? JSONText(parsing: bytes))?["pauses"]?.items else { return nil }
    for entry in entries {
      guard let node = entry["node"]?.string, case .integer(let since)? = entry["since"] else { return nil }
      var until: Int?
      if case .integer(let end)? = entry["until"] { until = Int(end) }
      set(Pause(node: node, reason: entry["reason"]?.string ?? "", since: Int(since), until: until))
    }
  }
}
