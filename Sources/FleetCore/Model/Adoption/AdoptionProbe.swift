/// What `fleetd init --from` asks a node: the probe of all kinds, and one section more that no check ever asks for.
///
/// The same rules hold as for every probe: constant text, bounded, reads and never writes.
package enum AdoptionProbe {
  package static let kind = ResourceKind("adoption")

  /// One constant, beside `ResourceRegistry.probeScript`.
  package static let script = ProbeScript.text(ResourceRegistry.kinds.map { $0.probe } + [fragment])

  /// Asks what is there, and for nothing that an inventory would have to name first.
  package static let requests = [
    ProbeRequest(Host.kind), ProbeRequest(Boot.kind), ProbeRequest(Cgroups.kind), K3s.adoptionRequest,
    ProbeRequest(kind),
  ]

  /// Bytes of one file that is worth to be taken over; larger ones are only named.
  static let largestFile = 65_536

  /// `file/N` is the content of a file that no package brought as it is, `path/N` its mode, owner, group and path.
  ///
  /// A subshell, so that what it sets stays its own.
  private static let fragment = ProbeFragment(
    #"""
    probe_adoption() (
      rows=$(dpkg-query -W -f='${Package}\t${Architecture}\t${Version}\t${db:Status-Want}\t${db:Status-Status}\n') \
        || exit 70
      emit holds "$(printf '%s\n' "$rows" | grep "${tab}hold${tab}installed\$" | head -c 65536)"
      emit manual "$(apt-mark showmanual 2>/dev/null < /dev/null | head -c 65536)"
      emit zone "$(readlink -- /etc/localtime)"
      slurp /etc/timezone && emit timezone "$slurped"
      slurp /proc/swaps && emit swaps "$slurped"
      emit accounts "$(grep -E '^[^:]*:[^:]*:[1-9][0-9]{3,4}:' /etc/passwd | cut -d : -f 1,3 | head -c 4096)"
      emit mounts "$(grep -v -E '^[[:space:]]*(#|$)' /etc/fstab 2>/dev/null | head -c 16384)"
      conffiles=$(dpkg-query -W -f='${Conffiles}\n')
      adoption_files
      adoption_live
      adoption_others
    )

    # Whether $1 is as its package brought it; $2 is its MD5.
    adoption_is_packaged() {
      case "$newline$conffiles$newline" in *"$newline $1 $2"[\ $newline]*) return 0 ;; esac
      return 1
    }

    # A link is somebody's decision of another sort: it is not followed.
    adoption_is_plain() {
      [ -f "$1" ] && [ ! -L "$1" ] || return 1
      case $1 in *"$newline"* | *"$tab"*) return 1 ;; esac
    }

    # Files that settings of kinds live in.
    adoption_files() {
      sysctl_files=; set --
      for path in /etc/sysctl.conf /etc/sysctl.d/*.conf /etc/modules /etc/modules-load.d/*.conf \
        /etc/systemd/journald.conf /etc/systemd/journald.conf.d/*.conf /etc/systemd/system.conf \
        /etc/systemd/system.conf.d/*.conf /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf
      do
        adoption_is_plain "$path" && [ $# -lt 200 ] && set -- "$@" "$path"
      done
      [ $# -gt 0 ] || return 0
      sums=$(md5sum -- "$@") || return 1
      stats=$(stat -c "%a$tab%U$tab%G$tab%s$tab%n" -- "$@") || return 1
      index=0
      for path; do
        sum=${sums%%"$newline"*}; sums=${sums#*"$newline"}
        stat=${stats%%"$newline"*}; stats=${stats#*"$newline"}
        adoption_is_packaged "$path" "${sum%% *}" && continue
        emit "path/$index" "$stat"
        emit_file "file/$index" "$path" 65536
        case $path in /etc/sysctl*) sysctl_files="$sysctl_files$path$newline" ;; esac
        index=$((index + 1))
      done
    }

    # What the keys of those sysctl files are now, by path below /proc/sys: sysctl(8) takes the first separator for the
    # one that separates. Patterns are left out, as no key of an inventory could say them.
    adoption_live() (
      [ -n "$sysctl_files" ] || return 0
      set -f; IFS=$newline; set -- $sysctl_files
      keys=$(sed -n -e '/^[[:space:]]*[#;]/d' \
        -e 's/^[[:space:]]*-\{0,1\}\([A-Za-z0-9_][A-Za-z0-9_.\/:@-]*\)[[:space:]]*=.*/\1/p' -- "$@" \
        | grep -v -F .. | sed '/^[^.\/]*\./ y,./,/.,' | sort -u | head -n 500)
      set --
      for key in $keys; do set -- "$@" "/proc/sys/$key"; done
      [ $# -gt 0 ] || return 0
      emit live "$(grep -asZ '' /dev/null "$@" | tr '\0' '\t')"
    )

    # What runs here and fleetd has no word for, or what holds too much to be copied: named, never read.
    adoption_others() {
      set --
      for path in /etc/systemd/system/*.service /etc/systemd/system/*.timer /etc/systemd/system/*.mount \
        /etc/systemd/system/*.d/*.conf /etc/cron.d/* /etc/udev/rules.d/*.rules /etc/network/interfaces.d/* \
        /etc/NetworkManager/system-connections/* /etc/netplan/*.yaml /etc/ssh/sshd_config \
        /etc/ssh/sshd_config.d/*.conf /etc/sudoers.d/* /etc/apt/sources.list /etc/apt/sources.list.d/* \
        /etc/apt/preferences.d/* /etc/apt/apt.conf.d/* /etc/modprobe.d/*.conf /etc/docker/daemon.json
      do
        adoption_is_plain "$path" && [ $# -lt 500 ] && set -- "$@" "$path"
      done
      [ $# -gt 0 ] || return 0
      others=
      sums=$(md5sum -- "$@") || return 1
      for path; do
        sum=${sums%%"$newline"*}; sums=${sums#*"$newline"}
        adoption_is_packaged "$path" "${sum%% *}" || others="$others$path$newline"
      done
      emit others "$others"
    }
    """#
  )
}
