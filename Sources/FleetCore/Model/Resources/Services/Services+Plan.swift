extension Services.Wish {
  /// Why the wish cannot be met; a unit that an earlier change may bring is given the benefit of the doubt.
  func obstacle(in state: UnitState, mayAppear: Bool) -> Finding? {
    let isWanted = enabled == true || started == true
    guard isWanted else { return nil }
    if state.load == "masked" {
      return Finding(
        .blocked,
        .unitNotFound,
        Services.kind,
        "\(unit) is masked",
        next: "systemctl unmask \(unit) on the node, if that is meant"
      )
    }
    guard !state.exists, !mayAppear else { return nil }
    return Finding(
      .blocked,
      .unitNotFound,
      Services.kind,
      "there is no unit \(unit)",
      next: "declare the package or the file that brings it, or correct the name"
    )
  }

  /// - Parameter mayBeBrought: whether a package of this pass may bring the unit, and start it.
  func changes(from state: UnitState, mayBeBrought: Bool = false) -> [(change: Change, verb: String)] {
    if !state.exists, mayBeBrought, enabled != true, started != true { return precautions }
    var changes: [(Change, String)] = []
    let note = state.exists ? nil : "once what comes before has brought it"
    if enabled == true, !state.isEnabled {
      changes.append(
        (
          Change(
            .change,
            Services.kind,
            unit,
            from: .text(state.unitFile.isEmpty ? "disabled" : state.unitFile),
            to: .text("enabled"),
            note: note
          ), "enable"
        )
      )
    }
    if enabled == false, state.exists, state.canBeDisabled {
      changes.append((Change(.change, Services.kind, unit, from: .text("enabled"), to: .text("disabled")), "disable"))
    }
    if started == true, !state.isActive {
      changes.append((Change(.act, Services.kind, unit, note: note ?? "start: it is \(state.summary)"), "start"))
    }
    if started == false, state.isActive || state.isRestarting {
      changes.append((Change(.act, Services.kind, unit, note: "stop: it is \(state.summary)"), "stop"))
    }
    return changes
  }

  /// Debian's packages enable and start what they bring: what shall not run is stopped in the same pass.
  private var precautions: [(change: Change, verb: String)] {
    let note = "if a package of this pass brings it"
    var changes: [(Change, String)] = []
    if enabled == false {
      changes.append((Change(.change, Services.kind, unit, to: .text("disabled"), note: note), "disable"))
    }
    if started == false { changes.append((Change(.act, Services.kind, unit, note: "stop, \(note)"), "stop")) }
    return changes
  }
}

extension StepScript {
  /// Lines: enable, disable, start, stop, restart or try-restart; unit. What does not exist is disabled and stopped.
  ///
  /// A package may have started its unit before the files came that the unit reads: then a start is a restart.
  /// A unit that dies within seconds of its start is a failure, and the end of its journal says why.
  static let units = StepScript(
    "units",
    #"""
    begun=
    systemctl daemon-reload || die 70 "systemd cannot reload its units"
    while IFS=$tab read -r verb unit; do
      case $verb/$(systemctl show -p ActiveState --value -- "$unit") in
        try-restart/inactive | try-restart/failed) restarted "$unit"; continue ;;
        try-restart/*) verb=restart ;;
        disable/inactive | stop/inactive)
          [ "$(systemctl show -p LoadState --value -- "$unit")" != not-found ] || continue ;;
        start/inactive | start/failed) ;;
        start/*) [ ! -e "/run/fleetd/pending/$unit" ] || verb=restart ;;
      esac
      case $verb in
        enable | disable | stop)
          message=$(timeout 120 systemctl "$verb" --quiet -- "$unit" 2>&1 < /dev/null) \
            || die 70 "systemctl $verb $unit: $message"
          if [ "$verb" = stop ]; then restarted "$unit"; fi
          ;;
        start | restart)
          message=$(timeout 120 systemctl "$verb" -- "$unit" 2>&1 < /dev/null 9>&-) \
            || die 70 "systemctl $verb $unit: $message$newline$(journal_of "$unit")"
          restarts=$(systemctl show -p NRestarts --value -- "$unit")
          begun="$begun$unit$tab${restarts:-0}$newline"
          ;;
        *) die 65 "no such action: $verb" ;;
      esac
    done
    [ -n "$begun" ] || exit 0
    sleep 4
    printf %s "$begun" | while IFS=$tab read -r unit before; do
      state=$(systemctl show -p ActiveState --value -- "$unit")
      result=$(systemctl show -p Result --value -- "$unit")
      restarts=$(systemctl show -p NRestarts --value -- "$unit")
      case $state in
        active | reloading) [ "${restarts:-0}" -le "$before" ] ;;
        inactive) [ "$result" = success ] ;;
        *) false ;;
      esac || {
        how="$state, $result, ${restarts:-0} restarts"
        die 70 "$unit died within seconds of its start ($how):$newline$(journal_of "$unit")"
      }
      restarted "$unit"
    done
    """#
  )
}
