package import FleetModel

/// Runs for programs.
package enum RunHistoryJSON {
  /// Grows when a field goes away or changes its meaning.
  package static let schemaVersion: Int64 = 1

  /// Several runs, without their plans, and what happened meanwhile.
  package static func list(of runs: [RunRecord], _ events: [RecordedEvent] = []) -> JSONText {
    .object([
      .init("schemaVersion", .integer(schemaVersion)), .init("runs", .array(runs.map { .object(members(of: $0)) })),
      .init("events", list(of: events)),
    ])
  }

  /// What happened, the newest first.
  package static func list(of events: [RecordedEvent]) -> JSONText {
    .array(
      events.map { event in
        .object([
          .init("at", .string(UTCTime(event.at).iso8601)), .init("fleet", .string(event.fleet)),
          .init("node", text(event.node)), .init("run", text(event.run)), .init("reason", .string(event.reason)),
          .init("message", .string(event.message)),
        ])
      })
  }

  /// One run with its plans, each as docs/plan.schema.json describes it.
  package static func detail(of run: RunRecord) -> JSONText {
    .object(
      [.init("schemaVersion", .integer(schemaVersion))] + members(of: run) + [
        .init("plan", plan(run.beginning.plan)), .init("left", run.ending?.left.map(plan) ?? .null),
      ])
  }

  private static func members(of run: RunRecord) -> [JSONText.Member] {
    let beginning = run.beginning
    let ending = run.ending
    var members: [JSONText.Member] = [
      .init("id", .string(run.id)), .init("fleet", .string(beginning.fleet)),
      .init("kind", .string(beginning.kind.rawValue)), .init("version", .string(beginning.version)),
    ]
    switch beginning.revision {
    case .commit(let id, let isModified):
      members += [.init("commit", .string(id)), .init("isModified", .boolean(isModified))]
    case .unknown(let reason): members += [.init("commit", .null), .init("noCommit", .string(reason))]
    }
    members += [
      .init("startedAt", .string(UTCTime(beginning.startedAt).iso8601)),
      .init("endedAt", ending.map { .string(UTCTime($0.endedAt).iso8601) } ?? .null),
      .init("exitCode", ending.map { .integer(Int64($0.exitCode)) } ?? .null),
      .init("summary", ending.map { .string($0.summary) } ?? .null),
      .init("results", .array((ending?.outcomes ?? []).map(result))),
    ]
    return members
  }

  private static func result(of outcome: NodeOutcome) -> JSONText {
    .object([
      .init("node", .string(outcome.node)), .init("outcome", .string(outcome.outcome)),
      .init("reason", text(outcome.reason)), .init("message", text(outcome.message)), .init("next", text(outcome.next)),
      .init("changes", .array(outcome.changes.map(change))),
    ])
  }

  private static func change(of change: ChangeOutcome) -> JSONText {
    .object([
      .init("action", .string(change.action)), .init("kind", .string(change.kind)), .init("name", .string(change.name)),
      .init("before", text(change.before)), .init("after", text(change.after)), .init("note", text(change.note)),
      .init("result", .string(change.result.rawValue)),
    ])
  }

  private static func plan(_ plan: RenderedPlan) -> JSONText {
    // What was stored was rendered by us; of a damaged one the text is still there.
    (try? JSONText(parsing: Array(plan.json.utf8))) ?? .string(plan.text)
  }

  private static func text(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }
}
