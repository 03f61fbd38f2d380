extension StepScript {
  /// Line 1: whether to repair first, to refresh the lists, to allow downgrades, to change held packages (yes or no
  /// each), and the number of lines that follow: `install NAME VERSION` (or a pattern), `remove NAME`, `hold NAME`,
  /// `release NAME`.
  ///
  /// Whatever is interrupted is found by the next observation: dpkg's database is the record of what was done.
  static let apt = StepScript(
    "apt",
    #"""
    IFS=$tab read -r repair refresh downgrade held count || die 65 "the input ends early"
    installs=; names=; removals=; holds=; releases=
    while [ "$count" -gt 0 ]; do
      IFS=$tab read -r action name version || die 65 "the input ends early"
      case $action in
        install) installs="$installs$name$tab$version$newline"; names="$names$name$newline" ;;
        remove) removals="$removals$name$newline" ;;
        hold) holds="$holds$name$newline" ;;
        release) releases="$releases$name$newline" ;;
        *) die 65 "unknown action: $action" ;;
      esac
      count=$((count - 1))
    done
    set -f; IFS=$newline

    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=a NEEDRESTART_SUSPEND=1
    export LC_ALL DEBIAN_FRONTEND APT_LISTCHANGES_FRONTEND NEEDRESTART_MODE NEEDRESTART_SUSPEND
    patience=300
    no_remove=; [ -n "$removals" ] || no_remove=--no-remove
    log=/run/fleetd/apt.log
    trap 'rm -f "$log"' EXIT

    apt_get() {
      apt-get -y -q -o DPkg::Lock::Timeout="$patience" -o Dpkg::Options::=--force-confdef \
        -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 --no-install-recommends "$@"
    }

    now() { IFS=' .' read -r seconds _ < /proc/uptime; }
    now; give_up=$((seconds + patience))

    # Runs a command again until nobody else holds what it must lock; each of them locks before it changes anything.
    # apt waits by itself for some of its locks only, dpkg for none. Services that it starts must not inherit our lock.
    patiently() {
      while :; do
        "$@" > "$log" 2>&1 < /dev/null 9>&- && return 0
        status=$?
        lock=$(grep -o -E -m 1 '(Could not get lock|dpkg [a-z]+ lock was locked).*' "$log") \
          || return "$status"
        now
        [ "$seconds" -lt "$give_up" ] \
          || die 75 "apt has been locked for $patience s: $lock$(command_of "${lock##* pid }")"
        sleep 2
      done
    }

    # apt names the process and its command, dpkg the process only.
    command_of() {
      case $1 in *[!0-9]*|'') return 0 ;; esac
      IFS= read -r command < "/proc/$1/comm" && printf ' (%s)' "$command"
    }

    # What failed, and the lines of the log that tell why: of a package's own script the last words.
    fail() {
      if grep -q '^dpkg: error' "$log"; then telling=$(tail -n 10 "$log")
      else telling=$(grep -E '^(E|W|Err):|^ [^ ]+ : |^  [A-Z]' "$log" | tail -n 10)
      fi
      [ -n "$telling" ] || telling=$(tail -n 6 "$log")
      telling=$(printf %s "$telling" | head -c 3000)
      case $telling in
        *'No space left on device'*|*"don't have enough free space"*) code=73 ;;
        *'Unable to locate package'*|*'was not found'*|*'no installation candidate'*|*'Unmet dependencies'*) code=69 ;;
        *'Unable to correct problems'*|*'Held packages were changed'*|*'Packages were downgraded'*) code=69 ;;
        *'Temporary failure'*|*'Could not resolve'*|*'Could not connect'*|*'Cannot initiate'*|*'timed out'*) code=75 ;;
        *'Failed to fetch'*|*'Unable to fetch'*|*'Connection failed'*|*'not valid yet'*) code=75 ;;
        *) code=70 ;;
      esac
      die "$code" "$1:$newline$telling"
    }

    # One source that is away must not keep waiting what others provide; which one it is, the next plan tells. When none
    # could be reached, or apt fails for another reason, nothing good can come.
    unreached() {
      ! grep -q 'No space left on device' "$log" && grep -q -E '^(Hit|Get):' "$log" && grep -q '^Err:' "$log" \
        || fail "apt-get update failed"
      away=$(sed -n -E 's/^Err:[0-9]+ //p' "$log" | sort -u | head -c 2000)
      printf '%s\n' "$away" > /run/fleetd/apt-unreached
      grep -E '^(E|W|Err):' "$log" >&2
    }

    among() { case $newline$2 in *"$newline$1$newline"*) ;; *) return 1 ;; esac; }

    # What apt would do, before it does anything; what nobody asked to remove is left in $unasked. (What changes until
    # apt has its lock is caught by --no-remove, where nothing is to be removed.)
    simulate() {
      unasked=
      apt_get -s -o Debug::NoLocking=true -o Dir::Log::Planner= "$@" > "$log" 2>&1 < /dev/null 9>&- || return 1
      for name in $(sed -n 's/^Remv \([^ ]*\).*/\1/p' "$log"); do
        among "$name" "$removals" || unasked="$unasked $name"
      done
      [ -z "$unasked" ]
    }

    # Being allowed to change the held packages that are named, apt might change others as well.
    spare_held() {
      kept=$(apt-mark showhold)$newline
      for name in $(sed -n -E 's/^(Inst|Remv) ([^ ]*).*/\2/p' "$log"); do
        among "$name" "$names$removals" || ! among "$name" "$kept" \
          || die 69 "apt would change $name, which is held and not named"
      done
    }

    # The first of madison's lines that matches: it lists the newest first.
    newest() {
      printf '%s\n' "$offers" | while IFS='| ' read -r offered version _; do
        [ "$offered" = "$1" ] || continue
        case $version in $2) printf %s "$version"; break ;; esac
      done
    }

    damage() {
      dpkg-query -W -f='${Package}\t${db:Status-Status}\t${db:Status-Eflag}\n' \
        | grep -v -E "$tab(installed|config-files|not-installed)${tab}ok\$" \
        | sed -e "s/${tab}ok\$//" -e "s/$tab/ /g" | paste -s -d , | head -c 2000
    }

    # What was cut off while it was unpacked must be unpacked again: apt calls it installed and would not.
    torn() {
      dpkg-query -W -f='${binary:Package}\t${db:Status-Status}\t${db:Status-Eflag}\n' \
        | sed -n -E "s/$tab(half-installed$tab.*|.*${tab}reinstreq)\$//p"
    }

    # A package that cannot be configured may be mended by the version that is wanted: only what is left in the end
    # fails.
    refused=; away=
    if [ "$repair" = yes ]; then
      patiently dpkg --force-confdef --force-confold --configure -a || cat "$log"
    fi
    if [ "$refresh" = yes ]; then
      mkdir -p /var/lib/apt/periodic /run/fleetd
      if patiently apt_get update --error-on=any; then
        touch /var/lib/apt/periodic/update-success-stamp
        rm -f /run/fleetd/apt-unreached
      else
        unreached
      fi
    fi
    if [ "$repair" = yes ] && [ -n "$(damage)" ]; then
      if simulate -f --reinstall install $(torn); then
        patiently apt_get $no_remove -f --reinstall install $(torn) || cat "$log"
      else
        refused=$unasked
      fi
    fi

    # What the refreshed lists do not offer must not keep the others waiting: it fails in the end.
    offers=; missing=; unheld=
    [ -z "$names" ] || offers=$(apt-cache madison $names < /dev/null 2> /dev/null | grep ' Packages$')
    set --
    for line in $installs; do
      name=${line%%"$tab"*}; version=${line#*"$tab"}
      found=$(newest "$name" "$version")
      if [ -z "$found" ]; then
        offered=$(newest "$name" '*')
        missing="$missing$newline$name that matches $version${offered:+ (the newest is $offered)}"
        unheld="$unheld$name$newline"
        continue
      fi
      if [ "$version" = '*' ]; then set -- "$@" "$name"; else set -- "$@" "$name=$found"; fi
    done
    for name in $removals; do set -- "$@" "$name-"; done
    if [ $# -gt 0 ]; then
      [ "$downgrade" = no ] || set -- --allow-downgrades "$@"
      [ "$held" = no ] || set -- --allow-change-held-packages "$@"
      simulate install "$@" || {
        [ -z "$unasked" ] || die 69 "apt would remove packages that nobody asked to remove:$unasked"
        fail "apt-get finds no way"
      }
      [ "$held" = no ] || spare_held
      patiently apt_get $no_remove install "$@" || fail "apt-get install failed"
      cat "$log"
    fi
    set --
    for name in $holds; do among "$name" "$unheld" || set -- "$@" "$name"; done
    [ $# -eq 0 ] || patiently apt-mark hold "$@" || fail "apt-mark hold failed"
    if [ -n "$releases" ]; then patiently apt-mark unhold $releases || fail "apt-mark unhold failed"; fi

    left=; [ "$repair" = no ] || left=$(damage)
    if [ -n "$left" ]; then
      [ -z "$refused" ] || die 69 "dpkg left half done: $left; to mend that apt would remove, unasked:$refused"
      fail "dpkg left half done, and apt cannot mend: $left"
    fi
    [ -z "$missing" ] || die 69 "the lists do not offer:$missing${away:+${newline}and could not be refreshed for:$newline$away}"
    """#
  )
}
