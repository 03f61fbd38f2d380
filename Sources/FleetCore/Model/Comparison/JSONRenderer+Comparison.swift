extension JSONRenderer {
  /// As `docs/comparison.schema.json` describes it.
  package func render(_ comparison: FleetComparison) -> String {
    var head: [JSONText.Member] = []
    switch comparison.head {
    case .commit(let id, let isModified):
      head = [.init("commit", .string(id)), .init("isModified", .boolean(isModified))]
    case .unknown(let reason): head = [.init("unknown", .string(reason))]
    }
    return render(
      .object([
        .init("schemaVersion", .integer(Int64(Self.schemaVersion))),
        .init("fleet", .string(comparison.fleet)),
        .init("base", .string(comparison.base)),
        .init("head", .object(head)),
        .init("isEmpty", .boolean(comparison.isEmpty)),
        .init("baseProblems", .array(comparison.baseProblems.map(JSONText.string))),
        .init("settings", .array(comparison.settings.map(Self.json))),
        .init("nodes", .array(comparison.nodes.map(Self.json))),
        .init("manifests", .array(comparison.manifests.map(Self.json))),
        .init(
          "expectedWaves",
          .array(
            comparison.rollout.waves.map { turns in
              .array(
                turns.map { turn in
                  .object([
                    .init("node", .string(turn.node)), .init("brings", .array(turn.words.map(JSONText.string))),
                  ])
                })
            })),
        .init("notes", .array(comparison.notes.map(JSONText.string))),
      ]))
  }

  private static func json(_ node: NodeComparison) -> JSONText {
    .object([
      .init("node", .string(node.name)),
      .init("role", node.role.map { .string($0.rawValue) } ?? .null),
      .init("address", .string(node.address)),
      .init("fate", .string(node.fate.rawValue)),
      .init("remark", node.remark.map(JSONText.string) ?? .null),
      .init("changes", .array(node.changes.map(json))),
    ])
  }

  private static func json(_ change: DeclaredChange) -> JSONText {
    .object([
      .init("action", .string(change.action.word)),
      .init("kind", .string(change.kind)),
      .init("name", .string(change.name)),
      .init("before", change.before.map(JSONText.string) ?? .null),
      .init("after", change.after.map(JSONText.string) ?? .null),
      .init("diff", .array(change.diff.map(JSONText.string))),
      .init("note", change.note.map(JSONText.string) ?? .null),
    ])
  }

  private static func json(_ manifest: ManifestComparison) -> JSONText {
    .object([
      .init("action", .string(manifest.action.word)),
      .init("what", .string(manifest.what)),
      .init("isFile", .boolean(manifest.isFile)),
      .init("diff", .array(manifest.diff.map(JSONText.string))),
      .init("note", manifest.note.map(JSONText.string) ?? .null),
    ])
  }
}
