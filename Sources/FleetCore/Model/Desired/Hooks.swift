import YAMLSource

/// Commands of the control node's own that run around what changes a node, in the order in which they are written.
///
/// The state repository has none: what can be proposed there must not run anything here.
package struct Hooks: Sendable, Hashable {
  /// When a hook runs; the raw value is its key in the configuration and the value of FLEETD_EVENT.
  package enum Event: String, Sendable, Hashable, CaseIterable {
    case beforeNode, afterNode, beforeRollout, afterRollout
  }

  package struct Hook: Sendable, Hashable {
    /// The program and its arguments; no shell is in between.
    package let words: [String]
    package let timeout: Duration
    /// Whether its failure fails the node (or the roll-out), or is only told.
    package let stops: Bool

    package init(_ words: [String], timeout: Duration = .seconds(60), stops: Bool = true) {
      self.words = words
      self.timeout = timeout
      self.stops = stops
    }
  }

  private let hooks: [Event: [Hook]]

  package init(_ hooks: [Event: [Hook]] = [:]) { self.hooks = hooks }

  package static let none = Hooks()

  package subscript(_ event: Event) -> [Hook] { hooks[event] ?? [] }
}

extension Hooks {
  static let field = Field(
    "hooks",
    .object([
      list("beforeNode", "Before the first step on a node that is to be changed."),
      list("afterNode", "After the last step on such a node, also when a step failed."),
      list("beforeRollout", "Before the first node is changed."),
      list(
        "afterRollout", "When all is done and was observed again. A failure then fails the run, and takes nothing back."
      ),
    ]),
    "Commands that run on the control node around what changes nodes; never in a check."
  )

  private static func list(_ name: String, _ summary: String) -> Field {
    let hook = Schema.object([
      Field(
        "run", .list(of: .text(.notEmpty), merge: .atomic), required: true,
        "The program and its arguments; no shell is in between."),
      Field("timeout", .duration, "When it is killed, with all that it started; default 1m."),
      Field(
        "onFailure", .choice(["stop", "continue"]),
        "stop: its failure fails the node, or the roll-out; continue: it is only told. Default stop."),
    ])
    return Field(name, .list(of: hook, merge: .atomic), summary)
  }

  init(decoding node: YAMLNode?, _ diagnostics: inout Diagnostics) {
    var hooks: [Event: [Hook]] = [:]
    for event in Event.allCases {
      for entry in node?.mapping?[event.rawValue]?.sequence ?? [] {
        let words = entry.mapping?["run"]?.sequence?.compactMap(\.string) ?? []
        if words.isEmpty { diagnostics.report(at: entry.mark, "hooks.\(event.rawValue): \"run\" is empty") }
        let timeout = entry.mapping?["timeout"]?.string.flatMap(DurationText.parse) ?? .seconds(60)
        if timeout == .zero {
          diagnostics.report(at: entry.mark, "hooks.\(event.rawValue): a timeout of 0 runs nothing")
        }
        hooks[event, default: []].append(
          Hook(words, timeout: timeout, stops: entry.mapping?["onFailure"]?.string != "continue"))
      }
    }
    self.init(hooks)
  }
}
