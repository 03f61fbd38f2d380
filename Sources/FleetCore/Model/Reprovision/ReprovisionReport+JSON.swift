extension ReprovisionReport {
  /// For programs.
  package var json: JSONText {
    .object([
      .init("schemaVersion", .integer(1)), .init("fleet", .string(fleet)),
      .init("madeAt", .string(UTCTime(madeAt.wall).iso8601)),
      .init("rebuilds", .array(rows.map(Self.json))),
      .init("phases", .array(phases.map(Self.json))),
      .init("total", total.map(Self.json) ?? .null),
      .init(
        "availability",
        .array(
          availability.map { subject, availability in
            .object([
              .init("subject", .string(subject)), .init("upSeconds", .integer(Int64(availability.up))),
              .init("downSeconds", .integer(Int64(availability.down))),
              .init("meetsTarget", availability.meetsTarget.map { .boolean($0) } ?? .null),
            ])
          })),
    ])
  }

  private static func json(_ row: Row) -> JSONText {
    let rebuild = row.rebuild
    return .object([
      .init("id", .string(rebuild.id)), .init("node", .string(rebuild.node)),
      .init("origin", .string(rebuild.origin.rawValue)),
      .init("begunAt", .string(UTCTime(rebuild.begun.wall).iso8601)),
      .init("outcome", .string(rebuild.outcome.rawValue)), .init("state", .string(row.assessment.state.rawValue)),
      .init("phase", rebuild.outcome == .running ? string(rebuild.phase()?.rawValue) : .null),
      .init("targetSeconds", .integer(Int64(rebuild.target))),
      .init("elapsedSeconds", .integer(Int64(row.assessment.elapsed))),
      .init("remainingSeconds", .integer(Int64(row.assessment.remaining))),
      .init("estimateSeconds", row.assessment.estimate.map { .integer(Int64($0)) } ?? .null),
      .init("outageSeconds", row.outage.map { .integer(Int64($0)) } ?? .null),
      .init("restarts", .integer(Int64(rebuild.restarts))),
      .init(
        "phases",
        .array(
          rebuild.durations.map { phase, seconds in
            .object([
              .init("phase", .string(phase.rawValue)), .init("seconds", .integer(Int64(seconds))),
              .init("endedAt", string(rebuild.ends[phase].map { UTCTime($0.wall).iso8601 })),
            ])
          })),
    ])
  }

  private static func json(_ measured: Measured) -> JSONText {
    .object([
      .init("phase", .string(measured.name)), .init("rebuilds", .integer(Int64(measured.count))),
      .init("p50Seconds", .integer(Int64(measured.p50))), .init("p95Seconds", .integer(Int64(measured.p95))),
    ])
  }

  private static func string(_ text: String?) -> JSONText { text.map { .string($0) } ?? .null }
}
