package import YAMLSource

/// systemd units: whether they start at boot, and whether they run. Also where the restarts happen that files ask for.
package struct Services: Resource {
  package static let kind = ResourceKind("service")
  package static let field: Field? = Field(
    "services",
    .map(
      keys: .unitName,
      values: .object([
        Field("enabled", .boolean, "Whether the unit starts at boot; default: as it is on the node."),
        Field("state", .choice(["started", "stopped"]), "Whether the unit runs now; default: as it is on the node."),
      ])
    ),
    "systemd units by name; a unit that does not exist satisfies enabled: false and state: stopped."
  )

  /// In the order of their names.
  package let wishes: [Wish]

  package struct Wish: Sendable, Hashable {
    /// With its suffix.
    package let unit: String
    package let enabled: Bool?
    package let started: Bool?
  }

  /// Always there: restarts are asked of it by other kinds.
  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Services? {
    var wishes: [String: Wish] = [:]
    for entry in entry?.mapping?.entries ?? [] {
      let unit = UnitName.complete(entry.key)
      if scope.k3s != nil, let role = scope.role, unit == UnitName.complete(role.unit) {
        diagnostics.report(
          at: entry.keyNode.mark, "services: \(unit) is kept by k3s itself",
          hint: "leave it out; spec.k3s says what it runs")
      }
      if wishes[unit] != nil {
        diagnostics.report(at: entry.keyNode.mark, "services: \"\(entry.key)\" is \(unit), which is declared already")
      }
      let started = entry.value.mapping?["state"]?.string.map { $0 == "started" }
      wishes[unit] = Wish(unit: unit, enabled: entry.value.mapping?["enabled"]?.bool, started: started)
    }
    for entry in entry?.mapping?.entries ?? [] {
      AccessUnits.report(entry, wishes, &diagnostics)
    }
    return Services(wishes: wishes.values.sorted { $0.unit < $1.unit })
  }

  package var declared: [String] { wishes.map(\.unit) }

  package func without(probeLines lines: Set<[String]>, of node: NodeSpec, with vault: SecretVault) -> Self? {
    Services(wishes: wishes.filter { !lines.contains([$0.unit]) })
  }

  /// The declared units, those that other kinds may ask to restart, and those that they plan by.
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    let others = node.resources.flatMap { $0.notifiedUnits + $0.observedUnits }
    return Set(wishes.map(\.unit) + others).sorted().map { [$0] }
  }

  /// One systemctl(1) for all units.
  package static let probe = ProbeFragment(
    #"""
    probe_service() {
      service_left=$1; set --
      while [ "$service_left" -gt 0 ]; do
        IFS= read -r service_unit || return 65
        set -- "$@" "$service_unit"
        service_left=$((service_left - 1))
      done
      [ $# -gt 0 ] || return 0
      service_shown=$(systemctl show -p Id,Names,LoadState,ActiveState,SubState,UnitFileState,NRestarts -- "$@") \
        || return 1
      emit units "$service_shown"
      for service_unit; do emit asked "$service_unit"; done
      return 0
    }
    """#
  )

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> [String: UnitState] {
    let asked = section.records.filter { $0.key == "asked" }.map { String(decoding: $0.bytes, as: UTF8.self) }
    return try UnitState.parse(section.text("units") ?? "", asked: asked)
  }

  package func plan(from observed: [String: UnitState], in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    var changes: [Change] = []
    var actions: [[String]] = []
    for wish in wishes {
      let state = observed[wish.unit] ?? .notFound
      if let finding = wish.obstacle(in: state, mayAppear: context.hasChangesBefore) {
        plan.findings.append(finding)
        continue
      }
      for (change, verb) in wish.changes(from: state, mayBeBrought: context.installsPackages) {
        changes.append(change)
        actions.append([verb, wish.unit])
      }
    }
    let starting = Set(actions.filter { $0[0] == "start" || $0[0] == "stop" }.map { $0[1] })
    for unit in owedRestarts(in: context) where !starting.contains(unit) {
      guard let state = observed[unit], state.isActive || !state.exists else { continue }
      // A package of this pass may bring it, and start it before its files are there.
      let note = state.exists ? "restart: what it reads changes" : "restart, if it runs by then: what it reads changes"
      changes.append(Change(.act, Self.kind, unit, note: note))
      actions.append([state.exists ? "restart" : "try-restart", unit])
    }
    guard !changes.isEmpty else { return plan }
    plan.changeSets.append(
      ChangeSet(changes, steps: [Step("systemd units", .run(.units, StepInput(actions)), deadline: .seconds(300))])
    )
    return plan
  }

  /// Asked for in this pass, or in one that did not get to it. Once each; k3s has its own turn.
  private func owedRestarts(in context: PlanContext) -> [String] {
    let k3s = context.node.resource(of: K3s.self)?.unit
    let known = Set(context.node.resources.flatMap(\.notifiedUnits)).subtracting([k3s].compactMap { $0 })
    let asked = context.requests.compactMap { if case .restart(let unit) = $0 { unit } else { nil } }
    return Set((asked + context.facts.pendingRestarts).filter(known.contains)).sorted()
  }

  /// Restarting `units` outside the plan's order: the guard against locking out tries what it changed at once.
  static func restart(_ units: [String]) -> Step.Action {
    .run(.units, StepInput(units.map { ["restart", $0] }))
  }
}
