extension StepScript {
  /// Lines: mount, remount, replace (path, device, type, options), unmount (path), reload (/etc/fstab).
  ///
  /// A server that is away keeps mount(8) waiting for minutes: each call has its own bound. All lines are tried; what
  /// failed is told in the end.
  static let mounts = StepScript(
    "mounts",
    #"""
    failed=; code=70
    complain() { failed=${failed:+$failed$newline}$1; }
    is_mounted() { timeout 20 mountpoint -q -- "$1"; }
    # Processes that stand in it, have a file of it open, or run from it.
    users_of() {
      find /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/fd -maxdepth 1 \
        '(' -lname "$1" -o -lname "$1/*" ')' 2> /dev/null | cut -d / -f 3 | sort -un | head -n 8 \
        | while IFS= read -r process; do
          { IFS= read -r command < "/proc/$process/comm"; } 2> /dev/null && printf ' %s (%s)' "$command" "$process"
        done
    }
    attach() {
      # What stands there now would be hidden by a mount over a link, or by a second one.
      [ ! -L "$1" ] && ! is_mounted "$1" || { complain "$1 is not what it was when it was observed"; code=65; return 1; }
      [ -d "$1" ] || mkdir -p -m 0755 -- "$1" || { complain "$1 cannot be made"; return 1; }
      if said=$(timeout 90 mount -t "$3" -o "${4:-defaults}" -- "$2" "$1" 2>&1 < /dev/null 9>&-); then
        is_mounted "$1" && return 0
        said="mount calls it done, and nothing is mounted"
      else
        [ $? != 124 ] || said="no answer within 90 s"
      fi
      complain "mount $2 at $1: $said"
      return 1
    }
    detach() {
      is_mounted "$1" || return 0
      said=$(timeout 60 umount -- "$1" 2>&1 < /dev/null) && return 0
      [ $? != 124 ] || said="no answer within 60 s"
      case $said in
        *busy*)
          users=$(users_of "$1")
          [ -n "$users" ] || users=" nothing that /proc shows: look for a mount inside it, a swap file, a container"
          said="it is in use by:$users"; code=75 ;;
      esac
      complain "umount $1: $said"
      return 1
    }
    umask 022
    while IFS=$tab read -r verb path device type options; do
      case $verb in
        reload) systemctl daemon-reload || complain "systemd cannot reload its units" ;;
        mount) attach "$path" "$device" "$type" "$options" ;;
        unmount) detach "$path" ;;
        replace) detach "$path" && attach "$path" "$device" "$type" "$options" ;;
        remount)
          said=$(timeout 90 mount -o "remount${options:+,$options}" -- "$path" 2>&1 < /dev/null) \
            || complain "remount $path: $said" ;;
        *) die 65 "no such action: $verb" ;;
      esac
    done
    [ -z "$failed" ] || die "$code" "$failed"
    """#
  )
}
