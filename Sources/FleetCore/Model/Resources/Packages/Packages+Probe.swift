extension Packages {
  /// One dpkg-query(1), one grep(1), two stat(1) where everything is as it should be. What apt would do is asked only
  /// for what differs.
  ///
  /// A subshell, so that what it sets stays its own.
  package static let probe = ProbeFragment(
    #"""
    probe_package() (
      IFS=$tab read -r architecture || exit 65
      left=$(($1 - 1)); wishes=
      set --
      while [ "$left" -gt 0 ]; do
        IFS= read -r wish || exit 65
        wishes="$wishes$wish$newline"; set -- "$@" "${wish%%"$tab"*}"
        left=$((left - 1))
      done
      [ $# -gt 0 ] || exit 65
      emit architecture "$architecture"
      # Status 1: dpkg knows some of the names not at all.
      format='${Package}\t${Architecture}\t${Version}\t${db:Status-Want}\t${db:Status-Status}\t${db:Status-Eflag}\n'
      rows=$(dpkg-query -W -f="$format" -- "$@" 2>/dev/null)
      [ $? -le 1 ] || exit 70
      emit dpkg "$rows"
      package_damage
      package_lists
      package_lock
      package_offers
    )

    # What dpkg left half done, anywhere in its database.
    package_damage() {
      for update in /var/lib/dpkg/updates/[0-9]*; do
        [ ! -e "$update" ] || { emit interrupted yes; break; }
      done
      if grep -q -E '^Status: [a-z]+ (reinstreq|ok (half-|unpacked|triggers-))' /var/lib/dpkg/status; then
        emit broken "$(dpkg-query -W -f='${Package}\t${db:Status-Status}\t${db:Status-Eflag}\n' \
          | grep -v -E "$tab(installed|config-files|not-installed)${tab}ok\$" | head -c 16384)"
      fi
    }

    # When the lists were last refreshed. A list's own time is its server's; a list directory without a list is new.
    package_lists() {
      lists=none
      for list in /var/lib/apt/lists/*_Packages*; do
        [ -e "$list" ] || continue
        lists=0
        for time in $(stat -c %Y /var/lib/apt/lists /var/lib/apt/periodic/update-stamp \
          /var/lib/apt/periodic/update-success-stamp 2>/dev/null); do
          [ "$time" -le "$lists" ] || lists=$time
        done
        break
      done
      emit lists "$lists"
      package_sources
      slurp /run/fleetd/apt-unreached && emit unreached "$slurped"
    }

    # A source that is written or removed changes its directory.
    package_sources() {
      for source in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/sources.list.d/*; do
        [ -e "$source" ] || continue
        for stamp in /var/lib/apt/lists /var/lib/apt/periodic/update-stamp /var/lib/apt/periodic/update-success-stamp
        do
          # dash calls nothing newer than what is not there.
          [ ! -e "$stamp" ] || [ "$source" -nt "$stamp" ] || continue 2
        done
        emit sources newer
        return 0
      done
    }

    # The kernel's table names who locks an inode; that the process has this file open tells it from one of the same
    # number on another file system.
    package_lock() {
      [ -r /proc/locks ] || return 0
      set -- /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock
      inodes=" $(echo $(stat -c %i "$@" 2>/dev/null)) "
      while read -r _ type _ mode pid place _; do
        case $type$mode$inodes in POSIXWRITE*" ${place##*:} "*) ;; *) continue ;; esac
        for open in "/proc/$pid/fd"/*; do
          for file in "$@"; do
            [ "$open" -ef "$file" ] || continue
            slurp "/proc/$pid/comm"
            emit lock "$pid$tab${slurped%"$newline"}$tab$file"
            return 0
          done
        done
      done < /proc/locks
    }

    # What apt has for the wishes that the node does not fulfil, and what it would do about them.
    package_offers() {
      set -f; IFS=$newline
      wanted=; set --
      for wish in $wishes; do
        package_wish "$wish"
        package_fulfilled && continue
        if [ "$state" = absent ]; then set -- "$@" "$name-"; else wanted="$wanted$wish$newline"; fi
      done
      if [ -n "$wanted" ]; then
        names=; for wish in $wanted; do names="$names${wish%%"$tab"*}$newline"; done
        versions=$(package_apt apt-cache madison $names 2>/dev/null | grep ' Packages$' | head -c 131072)
        emit versions "$versions"
      fi
      for wish in $wanted; do
        package_wish "$wish"
        version=$(package_newest)
        case $version,$pattern in ,*) ;; *,'*') set -- "$@" "$name" ;; *) set -- "$@" "$name=$version" ;; esac
      done
      [ $# -gt 0 ] || return 0
      emit simulation "$({
        package_apt apt-get -s -y -q --allow-downgrades --allow-change-held-packages --no-install-recommends \
          install "$@"
        printf 'exit %s\n' "$?"
      } 2>&1 | grep -E '^(Inst|Remv|E:|exit) |^ [^ ]+ : ' | head -c 131072)"
    }

    # Not even a simulation leaves the disk alone unless told: caches, and the planner's log.
    package_apt() {
      apt_tool=$1; shift
      "$apt_tool" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Dir::Log::Planner= \
        -o Debug::NoLocking=true "$@" < /dev/null
    }

    package_wish() {
      name=${1%%"$tab"*}; state=${1##*"$tab"}
      pattern=${1#*"$tab"}; pattern=${pattern%"$tab"*}
    }

    package_fulfilled() {
      installed=
      for row in $rows; do
        case $row in "$name$tab$architecture$tab"*|"$name${tab}all$tab"*) installed=$row ;; esac
      done
      if [ "$state" = absent ]; then
        case $installed in ''|*"${tab}not-installed$tab"*|*"${tab}config-files$tab"*) return 0 ;; esac
        return 1
      fi
      case $installed in *"${tab}installed${tab}ok") ;; *) return 1 ;; esac
      version=${installed#*"$tab"*"$tab"}; version=${version%%"$tab"*}
      case $version in $pattern) return 0 ;; esac
      return 1
    }

    # The first of madison's lines that matches: it lists the newest first.
    package_newest() {
      printf '%s\n' "$versions" | while IFS='| ' read -r offered version _; do
        [ "$offered" = "$name" ] || continue
        case $version in $pattern) printf %s "$version"; break ;; esac
      done
    }
    """#
  )
}
