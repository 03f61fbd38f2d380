extension K3s {
  /// The installed release is read from the stamp that the installing step left, as long as the binary is still the file
  /// that it installed: starting k3s and reading its 70 MB cost a Pi a second. Only a program for this machine is
  /// started: timeout(1) would run anything else as a shell script. Files are observed by `files_observe`
  /// of the `file` kind.
  package static let probe = ProbeFragment(
    #"""
    probe_k3s() {
      [ "$1" -gt 0 ] || return 0
      IFS=$tab read -r k3s_unit k3s_other || return 65
      files_observe "$(($1 - 1))" || return 1
      k3s_binary || return 1
      emit unit "$(systemctl show -p LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result -- "$k3s_unit")"
      emit asked "$k3s_unit"
      if [ -e "/etc/systemd/system/$k3s_other" ]; then emit other "$k3s_other"; fi
      k3s_data=
      if [ -d /var/lib/rancher/k3s/server/db/etcd ]; then k3s_data=etcd
      elif [ -e /var/lib/rancher/k3s/server/db/state.db ]; then k3s_data=sqlite
      fi
      if [ -d /var/lib/rancher/k3s/agent ] && [ -e /etc/rancher/node/password ]; then k3s_data="$k3s_data agent"; fi
      emit data "$k3s_data"
      for k3s_dropin in /etc/rancher/k3s/config.yaml.d/*.yaml /etc/rancher/k3s/config.yaml.d/*.yml; do
        [ ! -e "$k3s_dropin" ] || emit drop-in "$k3s_dropin"
      done
      return 0
    }
    k3s_binary() {
      [ -e /usr/local/bin/k3s ] || return 0
      if [ ! -f /usr/local/bin/k3s ]; then emit identity other; emit said "it is no file"; return 0; fi
      k3s_identity=$(stat -L -c '%i %s %Y' -- /usr/local/bin/k3s) || return 1
      emit identity "$k3s_identity"
      if slurp /var/lib/fleetd/k3s.stamp; then
        case $slurped in "$k3s_identity "*) emit stamp "${slurped#"$k3s_identity "}"; return 0 ;; esac
      fi
      if [ "$(k3s_program_of /usr/local/bin/k3s)" != "$(k3s_program_of /bin/sh)" ]; then
        emit said "it is no program for this machine"; return 0
      fi
      emit said "$(timeout -k 2 10 /usr/local/bin/k3s --version 2>&1 < /dev/null | head -n 1 | head -c 200)"
      k3s_sum=$(sha256sum < /usr/local/bin/k3s) || return 1
      emit sum "${k3s_sum%% *}"
    }
    k3s_program_of() { od -An -v -t x1 -w20 -N 20 -- "$1" | cut -d ' ' -f 2-6,20-21; }
    """#
  )
}
