import YAMLSource

/// `spec.rollout` of the Fleet: how fast what disturbs may go, and when.
package struct RolloutSettings: Sendable, Hashable {
  /// How many agents may be disturbed at once.
  package var agentsMaxUnavailable: Int
  /// Whether an etcd of two members may lose its quorum while one of them is away.
  package var allowQuorumLoss: Bool
  package var drain: Drain
  /// Empty: at any time.
  package var windows: [MaintenanceWindow]

  /// How pods leave a node.
  package struct Drain: Sendable, Hashable {
    /// Until it counts as failed.
    package var timeout: Duration
    /// For each pod, instead of its own; `nil`: as the pod says.
    package var gracePeriod: Duration?
    /// Whether pods may go that would lose their emptyDir.
    package var deleteEmptyDir: Bool
    /// Whether pods may go that nothing makes anew.
    package var force: Bool

    package init(
      timeout: Duration = .seconds(300), gracePeriod: Duration? = nil, deleteEmptyDir: Bool = false, force: Bool = false
    ) {
      self.timeout = timeout
      self.gracePeriod = gracePeriod
      self.deleteEmptyDir = deleteEmptyDir
      self.force = force
    }
  }

  package init(
    agentsMaxUnavailable: Int = 1, allowQuorumLoss: Bool = false, drain: Drain = Drain(),
    windows: [MaintenanceWindow] = []
  ) {
    self.agentsMaxUnavailable = agentsMaxUnavailable
    self.allowQuorumLoss = allowQuorumLoss
    self.drain = drain
    self.windows = windows
  }
}

extension RolloutSettings {
  package static let fields: [Field] = [
    Field(
      "agents",
      .object([Field("maxUnavailable", .integer(1...1000), "How many agents may be disturbed at once; default 1.")]),
      "How agents are taken in turn."
    ),
    Field(
      "servers",
      .object([
        Field(
          "allowQuorumLoss", .boolean,
          "Whether one of two servers may be disturbed, which stops the API meanwhile; default false.")
      ]),
      "How servers are taken in turn: always one at a time."
    ),
    Field(
      "drain",
      .object([
        Field("timeout", .duration, "How long moving the pods of a node may take; default 5m."),
        Field("gracePeriod", .duration, "How long each pod may take to end; default as the pod says."),
        Field(
          "deleteEmptyDir", .boolean, "Whether pods may go that lose what is in their emptyDir; default false."),
        Field("force", .boolean, "Whether pods may go that nothing makes anew elsewhere; default false."),
      ]),
      "How nodes are drained before a reboot and before a minor upgrade."
    ),
    Field(
      "windows", .list(of: MaintenanceWindow.schema, merge: .atomic),
      "When what disturbs a node that does its work may happen; default at any time."),
  ]

  /// From `spec.rollout`, valid against `fields`.
  init(decoding node: YAMLNode?, _ diagnostics: inout Diagnostics) {
    let entries = node?.mapping
    let drain = entries?["drain"]?.mapping
    self.init(
      agentsMaxUnavailable: Int(entries?["agents"]?.mapping?["maxUnavailable"]?.int ?? 1),
      allowQuorumLoss: entries?["servers"]?.mapping?["allowQuorumLoss"]?.bool ?? false,
      drain: Drain(
        timeout: drain?["timeout"]?.string.flatMap(DurationText.parse) ?? .seconds(300),
        gracePeriod: drain?["gracePeriod"]?.string.flatMap(DurationText.parse),
        deleteEmptyDir: drain?["deleteEmptyDir"]?.bool ?? false,
        force: drain?["force"]?.bool ?? false),
      windows: (entries?["windows"]?.sequence ?? []).compactMap { MaintenanceWindow(decoding: $0, &diagnostics) })
    if self.drain.timeout < .seconds(1), let timeout = drain?["timeout"] {
      diagnostics.report(
        at: timeout.mark, "Fleet.spec.rollout.drain.timeout: no drain is done in no time",
        hint: "how long it may take at most, such as 5m")
    }
  }
}
