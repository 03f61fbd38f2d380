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

  func changes(from state: UnitState) -> [(change: Change, verb: String)] {
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
}

extension StepScript {
  /// Lines: enable, disable, start, stop, restart or try-restart; unit.
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
