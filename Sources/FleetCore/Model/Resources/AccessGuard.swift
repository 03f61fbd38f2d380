/// Keeps a change to ssh, sudo, PAM or the network from locking fleetd out.
///
/// A timer on the node undoes the change unless a new connection with sudo worked and disarmed it. The old connection
/// stays open until then.
package enum AccessGuard {
  /// Seconds until the node undoes the change by itself.
  package static let patience = 60

  /// `steps` between arming and disarming; `units` are restarted in between, so that what is tried is what will be.
  static func around(_ steps: [Step], files: [String], units: [String]) -> [Step] {
    let arm = Step("arm the undo timer", .run(.armGuard, StepInput([["\(patience)"], files, units])))
    let restarts = units.isEmpty ? [] : [Step("restart \(units.joined(separator: ", "))", Services.restart(units))]
    let verify = Step("log in anew", .verifyAccess, deadline: .seconds(30))
    let disarm = Step("disarm the undo timer", .run(.disarmGuard, StepInput()))
    return [arm] + steps + restarts + [verify, disarm]
  }
}

extension StepScript {
  /// Line 1: seconds. Line 2: files that are about to change. Line 3: units to restart after undoing.
  static let armGuard = StepScript(
    "guard-arm",
    #"""
    IFS=$tab read -r patience
    read_words; files=$words
    read_words; units=$words
    guard=/var/lib/fleetd/guard
    systemctl stop fleetd-guard.timer fleetd-guard.service 2> /dev/null
    rm -rf "$guard" && mkdir -p -m 0700 "$guard/files" || die 73 "$guard cannot be made"
    keep() {
      kept=$(printf %s "$1" | sha256sum); kept=${kept%% *}
      printf '%s\t%s\n' "$kept" "$1" >> "$guard/list"
      [ ! -e "$1" ] || cp -p -- "$1" "$guard/files/$kept"
    }
    each_word keep "$files" || die 73 "the files cannot be backed up"
    printf '%s\n' "$units" > "$guard/units"
    cat > "$guard/undo" <<'UNDO'
    cd /var/lib/fleetd/guard || exit 1
    tab=$(printf '\t'); changed=
    # A step that was refused changed nothing: then nothing is restarted.
    same() { cmp -s -- "$1" "$2" && [ "$(stat -c '%a %u %g' -- "$1")" = "$(stat -c '%a %u %g' -- "$2")" ]; }
    while IFS=$tab read -r kept path; do
      if [ -e "files/$kept" ]; then
        same "files/$kept" "$path" && continue
        cp -p -- "files/$kept" "$path.fleetd-undo" && mv -T -- "$path.fleetd-undo" "$path"
      else
        [ -e "$path" ] || continue
        rm -f -- "$path"
      fi
      changed=yes
    done < list
    sync
    [ -z "$changed" ] || tr '\t' '\n' < units | while IFS= read -r unit; do
      [ -z "$unit" ] || systemctl try-restart -- "$unit"
    done
    rm -rf /var/lib/fleetd/guard
    UNDO
    sync "$guard/undo" "$guard/list" "$guard/units"
    systemd-run --quiet --unit=fleetd-guard --description="fleetd undoes a change that locked it out" \
      --on-active="${patience}s" --timer-property=AccuracySec=1s /bin/sh "$guard/undo" 9>&- \
      || die 70 "the undo timer cannot be armed"
    """#
  )

  static let disarmGuard = StepScript(
    "guard-disarm",
    #"""
    [ -d /var/lib/fleetd/guard ] || die 65 "the node has undone the change already"
    systemctl stop fleetd-guard.timer || die 70 "the undo timer cannot be stopped"
    ! systemctl is-active --quiet fleetd-guard.service && [ -d /var/lib/fleetd/guard ] \
      || die 65 "the node undoes the change just now"
    rm -rf /var/lib/fleetd/guard
    """#
  )
}
