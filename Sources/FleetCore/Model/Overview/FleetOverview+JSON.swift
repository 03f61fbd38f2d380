extension FleetOverview {
  /// The whole, as `/api/v1/status` answers it. docs/openapi.json describes it.
  package var json: JSONText {
    .object([
      .init("time", .time(clock.wall)), .init("version", .string(version)), .init("startedAt", .time(startedAt)),
      .init("fleet", .text(fleet)), .init("commit", .text(commit)), .init("mode", .string(mode.rawValue)),
      .init(
        "rejected",
        rejected.map { rejected in
          .object([
            .init("commit", .string(rejected.commit)), .init("problems", .array(rejected.problems.map { .string($0) })),
          ])
        } ?? .null),
      .init("sourceProblem", .text(sourceProblem)), .init("problem", .text(problem)),
      .init("activity", .text(activity)),
      .init(
        "passes",
        .object([
          .init("count", .count(passes.count)), .init("failures", .count(passes.failures)),
          .init("lastEnd", .time(passes.lastEnd)), .init("lastSeconds", .count(passes.lastDuration)),
        ])),
      .init(
        "objects",
        cluster.map { .object([.init("changes", .count($0.changes)), .init("drift", .string($0.drift))]) } ?? .null),
      .init("nodes", nodesJSON), .init("rebuilds", rebuildsJSON), .init("availability", availabilityJSON),
      .init("history", historyJSON), .init("storeProblem", .text(record.problem)),
    ])
  }

  package var nodesJSON: JSONText { .array(nodes.map(\.json)) }

  package var rebuildsJSON: JSONText {
    .array(
      record.assessed(at: clock).map { item in
        let (rebuild, assessment) = item
        return .object([
          .init("id", .string(rebuild.id)), .init("node", .string(rebuild.node)),
          .init("origin", .string(rebuild.origin.rawValue)), .init("outcome", .string(rebuild.outcome.rawValue)),
          .init("state", .string(assessment.state.rawValue)), .init("begun", .time(rebuild.begun.wall)),
          .init("elapsedSeconds", .count(assessment.elapsed)), .init("targetSeconds", .count(rebuild.target)),
          .init("estimatedSecondsLeft", .count(assessment.estimate)),
          .init("phase", rebuild.outcome == .running ? .text(rebuild.phase()?.rawValue) : .null),
          .init(
            "phases",
            .array(
              rebuild.durations.map { phase, seconds in
                .object([.init("phase", .string(phase.rawValue)), .init("seconds", .count(seconds))])
              })),
        ])
      })
  }

  /// Of `fleetd status`: the rebuilds that go on, with the phase that must end next.
  package var runningRebuildsJSON: JSONText {
    .array(
      record.assessed(at: clock).filter { $0.rebuild.outcome == .running }.map { rebuild, assessment in
        .object([
          .init("node", .string(rebuild.node)), .init("state", .string(assessment.state.rawValue)),
          .init("waitingFor", .string((rebuild.phase() ?? .converged).rawValue)),
          .init("elapsedSeconds", .count(assessment.elapsed)), .init("targetSeconds", .count(rebuild.target)),
        ])
      })
  }

  package var availabilityJSON: JSONText {
    .array(
      record.availability.map { served in
        .object([
          .init("subject", .string(served.subject)), .init("upSeconds", .count(served.availability.up)),
          .init("downSeconds", .count(served.availability.down)),
          .init("ratio", served.availability.ratio.map { .number($0) } ?? .null),
        ])
      })
  }

  package var historyJSON: JSONText {
    .array(
      record.runs.map { run in
        .object([
          .init("id", .string(run.id)), .init("kind", .string(run.kind)), .init("commit", .text(run.commit)),
          .init("startedAt", .time(run.startedAt)), .init("endedAt", .time(run.endedAt)),
          .init("exitCode", .count(run.exitCode)), .init("summary", .string(run.summary)),
        ])
      })
  }
}

extension NodeOverview {
  /// As `/api/v1/nodes/NAME` answers it.
  package var json: JSONText {
    .object([
      .init("name", .string(name)), .init("address", .string(address)), .init("role", .text(role?.rawValue)),
      .init("state", .string(state.rawValue)), .init("changes", .count(changes)), .init("reason", .text(reason)),
      .init("message", .text(message)), .init("next", .text(next)), .init("since", .time(since)),
      .init("lookedAt", .time(lookedAt)), .init("dueAt", .time(dueAt)), .init("mode", .string(mode.rawValue)),
      .init("paused", .text(paused)), .init("failures", .count(failures)),
      .init("failedAttempts", .count(failedAttempts)), .init("leftAloneUntil", .time(leftAloneUntil)),
      .init("drift", .string(drift)), .init("facts", facts?.json ?? .null),
    ])
  }
}

extension NodeFacts {
  fileprivate var json: JSONText {
    .object([
      .init("operatingSystem", .string(operatingSystem)), .init("kernel", .string(kernel)),
      .init("model", .text(model)), .init("k3s", .text(k3s)),
      .init("temperatureMilliCelsius", .count(health.temperature)),
      .init("throttled", .text(health.throttled?.hexadecimal)),
    ])
  }
}

extension JSONText {
  fileprivate static func text(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }
  fileprivate static func count(_ number: Int?) -> JSONText { number.map { .integer(Int64($0)) } ?? .null }
  fileprivate static func time(_ seconds: Int?) -> JSONText { seconds.map { .string(UTCTime($0).iso8601) } ?? .null }
}
