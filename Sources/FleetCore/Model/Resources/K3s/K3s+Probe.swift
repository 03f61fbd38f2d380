extension K3s {
  /// The installed release is read from the stamp that the installing step left, as long as the binary is still the file
  /// that it installed: starting k3s and reading its 70 MB cost a Pi a second. Only a program for this machine is
  /// started: timeout(1) would run anything else as a shell script. Files are observed by `files_observe`
  /// of the `file` kind.
  ///
  /// Without a desired state the unit is "-": whichever k3s unit there is answers. What another than fleetd set up is
  /// sent as it stands, but for its secrets: see `hidingFunctions`.
  package static let probe = ProbeFragment(
    #"""
    probe_k3s() {
      [ "$1" -gt 0 ] || return 0
      IFS=$tab read -r k3s_unit k3s_other || return 65
      files_observe "$(($1 - 1))" || return 1
      k3s_binary || return 1
      k3s_units
      emit unit "$(systemctl show -p LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result,ActiveEnterTimestampMonotonic \
        -- "$k3s_unit")"
      emit asked "$k3s_unit"
      if [ -e "/etc/systemd/system/$k3s_other" ]; then emit other "$k3s_other"; fi
      k3s_data=
      if [ -d /var/lib/rancher/k3s/server/db/etcd ]; then k3s_data=etcd
      elif [ -e /var/lib/rancher/k3s/server/db/state.db ]; then k3s_data=sqlite
      fi
      if [ -d /var/lib/rancher/k3s/agent ] && [ -e /etc/rancher/node/password ]; then k3s_data="$k3s_data agent"; fi
      emit data "$k3s_data"
      k3s_token_file /var/lib/rancher/k3s/server/token
      k3s_certificates
      k3s_foreign || return 1
    }
    # Of each file its first certificate, the node's own; behind it stand those of the authorities.
    k3s_certificates() {
      [ -n "$k3s_data" ] || return 0
      IFS=. read -r k3s_now _ < /proc/uptime; emit uptime "$k3s_now"
      set --
      for k3s_path in /var/lib/rancher/k3s/server/tls/*.crt /var/lib/rancher/k3s/server/tls/etcd/*.crt \
        /var/lib/rancher/k3s/server/tls/kube-*/*.crt /var/lib/rancher/k3s/agent/*.crt; do
        case $k3s_path in *-ca.crt | *-ca.nochain.crt) continue ;; esac
        [ ! -f "$k3s_path" ] || set -- "$@" "$k3s_path"
      done
      [ $# -gt 0 ] || return 0
      emit certificate-times "$(stat -L -c "%Y$tab%n" -- "$@")"
      emit certificates "$(awk '
        FNR == 1 { body = ""; reading = 0; isDone = 0 }
        isDone { next }
        /^-----BEGIN CERTIFICATE-----/ { reading = 1; next }
        /^-----END/ { if (reading) print FILENAME "\t" body; isDone = 1; next }
        reading { body = body $0 }
      ' "$@")"
    }
    # install.sh calls a unit k3s-NAME when it is told to (INSTALL_K3S_NAME). One that starts at boot is told.
    k3s_units() {
      k3s_found=
      for k3s_path in /etc/systemd/system/k3s.service /etc/systemd/system/k3s-*.service; do
        [ -f "$k3s_path" ] || continue
        k3s_name=${k3s_path##*/}
        case $k3s_name in "$k3s_unit" | "$k3s_other") continue ;; esac
        k3s_found=${k3s_found:-$k3s_name}
        [ ! -e "/etc/systemd/system/multi-user.target.wants/$k3s_name" ] || emit also "$k3s_name"
      done
      if [ "$k3s_unit" = - ]; then k3s_unit=${k3s_found:-k3s.service}
      elif [ ! -e "/etc/systemd/system/$k3s_unit" ] && [ -n "$k3s_found" ]; then k3s_unit=$k3s_found
      fi
    }
    # What k3s is told by a unit that is not fleetd's: the unit, its environment, drop-ins of either, registries.yaml.
    k3s_foreign() {
      k3s_dir=/etc/systemd/system/$k3s_unit; k3s_name=${k3s_unit%.service}
      k3s_first='# Managed by fleetd'
      if [ -f "$k3s_dir" ]; then k3s_first=; IFS= read -r k3s_first < "$k3s_dir" || :; fi
      for k3s_path in /etc/rancher/k3s/config.yaml.d/*; do
        case $k3s_path in *.[Yy][Aa][Mm][Ll] | *.[Yy][Mm][Ll]) [ -e "$k3s_path" ] || continue ;; *) continue ;; esac
        emit drop-in "$k3s_path"
        [ "$k3s_first" = '# Managed by fleetd' ] || k3s_text text "$k3s_path" yaml || return 1
      done
      [ "$k3s_first" != '# Managed by fleetd' ] || return 0
      for k3s_path in "$k3s_dir" "$k3s_dir".d/*.conf; do k3s_text text "$k3s_path" unit || return 1; done
      for k3s_path in "/etc/default/$k3s_name" "/etc/sysconfig/$k3s_name" "$k3s_dir.env"; do
        k3s_text text "$k3s_path" environment || return 1
      done
      k3s_text text /etc/rancher/k3s/registries.yaml yaml || return 1
      k3s_token_file /etc/rancher/k3s/fleetd-token
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
    """#,
    hidingFunctions
  )
}
