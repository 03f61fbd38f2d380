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
  ///
  /// The timer dies with the machine, so a unit undoes at the next boot what a power cut left in between; in the boot in
  /// which it was armed it is kept from running by a file below /run. What is kept is on the disk before anything
  /// changes, and comes and goes by one rename: half of it would undo the wrong thing.
  static let armGuard = StepScript(
    "guard-arm",
    #"""
    IFS=$tab read -r patience
    read_words; files=$words
    read_words; units=$words
    guard=/var/lib/fleetd/guard; new=$guard-new
    systemctl stop fleetd-guard.timer fleetd-guard.service 2> /dev/null
    @as_owner
    @forget_guard
    forget_guard
    mkdir -p -m 0700 "$new/files" && : > "$new/list" && : > /run/fleetd/guard-armed || die 73 "$new cannot be made"
    keep() {
      kept=$(printf %s "$1" | sha256sum); kept=${kept%% *}
      printf '%s\t%s\n' "$kept" "$1" >> "$new/list" || return 1
      case $1 in
        */.ssh/authorized_keys)
          home=${1%/.ssh/authorized_keys}
          mode=$(as_owner "$home" '[ -f .ssh/authorized_keys ] && stat -L -c %a .ssh/authorized_keys') || return 0
          as_owner "$home" 'cat .ssh/authorized_keys' > "$new/files/$kept" && chmod "$mode" "$new/files/$kept"
          ;;
        *) [ ! -L "$1" ] && { [ ! -e "$1" ] || cp -p -- "$1" "$new/files/$kept"; } ;;
      esac
    }
    each_word keep "$files" || die 73 "the files cannot be backed up"
    printf '%s\n' "$units" > "$new/units" || die 73 "$new cannot be written"
    cat > "$new/undo" <<'UNDO' || die 73 "$new cannot be written"
    @undo
    UNDO
    cat > /etc/systemd/system/fleetd-guard-boot.service <<'UNIT' || die 73 "/etc/systemd/system cannot be written"
    @boot_unit
    UNIT
    wants=/etc/systemd/system/multi-user.target.wants
    mkdir -p "$wants" && ln -s ../fleetd-guard-boot.service "$wants/fleetd-guard-boot.service" \
      && sync -f "$new" "$wants" && mv -T "$new" "$guard" && sync -f "$guard" || die 73 "$guard cannot be made"
    systemd-run --quiet --unit=fleetd-guard --description="fleetd undoes a change that locked it out" \
      --on-active="${patience}s" --timer-property=AccuracySec=1s /bin/sh "$guard/undo" 9>&- \
      || die 70 "the undo timer cannot be armed"
    """#,
    placing: [("@undo", undo), ("@boot_unit", bootUnit), ("@as_owner", asOwner), ("@forget_guard", forgetGuard)]
  )

  static let disarmGuard = StepScript(
    "guard-disarm",
    #"""
    [ -d /var/lib/fleetd/guard ] || die 65 "the node has undone the change already"
    systemctl stop fleetd-guard.timer || die 70 "the undo timer cannot be stopped"
    ! systemctl is-active --quiet fleetd-guard.service && [ -d /var/lib/fleetd/guard ] \
      || die 65 "the node undoes the change just now"
    @forget_guard
    forget_guard
    sync -f /etc/systemd/system /var/lib/fleetd
    """#,
    placing: [("@forget_guard", forgetGuard)]
  )

  /// `as_owner HOME SCRIPT`: runs the script in a home as whom it belongs to. Links that an account put in its home lead
  /// nowhere that it could not go by itself; the home's own name is nothing that it can change.
  private static let asOwner: StaticString = #"""
    as_owner() {
      ao_owner=$(stat -c '--reuid=%u --regid=%g' -- "$1") \
        && setpriv $ao_owner --clear-groups /bin/sh -c 'cd -- "$1" && eval "$2"' sh "$1" "$2"
    }
    """#

  /// The rename first: what is gone by half must not be undone from.
  private static let forgetGuard: StaticString = #"""
    forget_guard() {
      rm -rf /var/lib/fleetd/guard-old /var/lib/fleetd/guard-new
      [ ! -d /var/lib/fleetd/guard ] || mv -T /var/lib/fleetd/guard /var/lib/fleetd/guard-old
      rm -f /etc/systemd/system/multi-user.target.wants/fleetd-guard-boot.service \
        /etc/systemd/system/fleetd-guard-boot.service /run/fleetd/guard-armed
      rm -rf /var/lib/fleetd/guard-old
      # Somebody had systemd read its units again meanwhile: it would list this one until the next time.
      case $(systemctl show -p LoadState --value fleetd-guard-boot.service) in
        loaded) systemctl daemon-reload ;;
      esac
    }
    """#

  /// `undo boot`: before anything has started that would have to be restarted.
  private static let undo: StaticString = #"""
    cd /var/lib/fleetd/guard || exit 1
    tab=$(printf '\t'); changed=
    @as_owner
    @forget_guard
    # A step that was refused changed nothing: then nothing is restarted.
    same() { cmp -s -- "$1" "$2" && [ "$(stat -c '%a %u %g' -- "$1")" = "$(stat -c '%a %u %g' -- "$2")" ]; }
    undo_file() {
      if [ -e "files/$kept" ]; then
        [ ! -L "$path" ] && same "files/$kept" "$path" && return 1
        rm -f -- "$path.fleetd-undo"
        cp -p -- "files/$kept" "$path.fleetd-undo" && mv -T -- "$path.fleetd-undo" "$path"
      else
        [ -e "$path" ] && rm -f -- "$path"
      fi
    }
    undo_keys() {
      home=${path%/.ssh/authorized_keys}; new=.authorized_keys.fleetd-undo
      if [ -e "files/$kept" ]; then
        mode=$(stat -c %a "files/$kept")
        [ "$(as_owner "$home" 'stat -L -c %a .ssh/authorized_keys' 2> /dev/null)" = "$mode" ] \
          && as_owner "$home" 'cat .ssh/authorized_keys' | cmp -s - "files/$kept" && return 1
        as_owner "$home" "umask 077; mkdir -p .ssh && cd .ssh && rm -f $new && (set -C; cat > $new) \
          && chmod $mode $new && mv -T $new authorized_keys" < "files/$kept"
      else
        as_owner "$home" 'rm .ssh/authorized_keys' 2> /dev/null
      fi
    }
    while IFS=$tab read -r kept path; do
      case $path in
        */.ssh/authorized_keys) undo_keys && changed=yes ;;
        *) undo_file && changed=yes ;;
      esac
    done < list
    sync
    [ -z "$changed" ] || systemctl daemon-reload
    [ -z "$changed" ] || [ "$1" = boot ] || tr '\t' '\n' < units | while IFS= read -r unit; do
      [ -z "$unit" ] || systemctl try-restart -- "$unit"
    done
    forget_guard
    """#

  /// Not sysinit.target, which every start of a service pulls in again.
  private static let bootUnit: StaticString = #"""
    [Unit]
    Description=fleetd undoes a change that was not tried before the machine went down
    ConditionPathExists=/var/lib/fleetd/guard/undo
    ConditionPathExists=!/run/fleetd/guard-armed
    RequiresMountsFor=/var/lib/fleetd
    Before=network-pre.target networking.service systemd-networkd.service NetworkManager.service dhcpcd.service
    Before=ssh.socket ssh.service

    [Service]
    Type=oneshot
    ExecStart=/bin/sh /var/lib/fleetd/guard/undo boot

    [Install]
    WantedBy=multi-user.target
    """#
}
