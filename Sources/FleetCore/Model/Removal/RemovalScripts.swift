extension StepScript {
  /// Line 1: "stop", or "keep" while the node is still a member of etcd: then k3s goes on, and only does not start again
  /// when it ends. Nothing of it outlives a reboot but that the unit is disabled.
  static let retireK3s = StepScript(
    "k3s-retire",
    #"""
    IFS= read -r mode || die 65 "the input ends early"
    for path in /etc/systemd/system/k3s.service /etc/systemd/system/k3s-*.service; do
      [ -f "$path" ] || continue
      unit=${path##*/}
      message=$(systemctl disable --quiet -- "$unit" 2>&1 9>&-) || die 70 "$unit cannot be disabled: $message"
      if [ "$mode" = stop ]; then
        message=$(systemctl stop -- "$unit" 2>&1 9>&-) || die 70 "$unit cannot be stopped: $message"
      else
        mkdir -p "/run/systemd/system/$unit.d" \
          && printf '[Service]\nRestart=no\n' > "/run/systemd/system/$unit.d/fleetd-remove.conf" \
          || die 73 "/run/systemd/system/$unit.d cannot be written"
      fi
    done
    systemctl daemon-reload 9>&- || die 70 "systemd cannot reload its units"
    """#
  )

  /// The last of fleetd on the node: what it remembers of it. The lock that this step holds goes with its directory.
  static let forgetNode = StepScript(
    "forget-node",
    #"""
    rm -rf --one-file-system /var/lib/fleetd /run/fleetd || die 73 "/var/lib/fleetd cannot be removed"
    """#
  )
}
