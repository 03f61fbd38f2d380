/// The steps of a restore on one server. Each may run again after a crash: what is done is written down on the node, in
/// `/var/lib/fleetd/restoring` (this restore stopped k3s here) and `restored` (its datastore is the new one).
extension StepScript {
  /// Line 1: the restore's id, the unit. k3s is stopped, and does not start at the next boot either: a server that came
  /// back with its old datastore in the middle of this would be a second cluster. Pods go on running.
  static let restoreStop = StepScript(
    "restore-stop",
    #"""
    IFS=$tab read -r id unit || die 65 "the input ends early"
    mkdir -p -m 0755 /var/lib/fleetd || die 73 "/var/lib/fleetd cannot be made"
    [ "$(cat /var/lib/fleetd/restored 2> /dev/null)" != "$id" ] || exit 0
    printf '%s\n' "$id" > /var/lib/fleetd/restoring.new && sync -- /var/lib/fleetd/restoring.new \
      && mv -T /var/lib/fleetd/restoring.new /var/lib/fleetd/restoring || die 73 "/var/lib/fleetd cannot be written"
    [ -e "/etc/systemd/system/$unit" ] || exit 0
    said=$(timeout -k 5 150 systemctl stop -- "$unit" 2>&1 9>&- && systemctl disable --quiet -- "$unit" 2>&1 9>&-) \
      || die 70 "$unit cannot be stopped and disabled: $said"
    ! systemctl is-active --quiet -- "$unit" || die 70 "$unit still runs"
    """#
  )

  /// Payload: the snapshot's token. What k3s is given here becomes it, unless it means the same already.
  static let restoreToken = StepScript(
    "restore-token",
    #"""
    umask 077
    target=/etc/rancher/k3s/fleetd-token
    mkdir -p /etc/rancher/k3s || die 73 "/etc/rancher/k3s cannot be made"
    trap 'rm -f -- "$target.fleetd-new"' EXIT
    read_payload > "$target.fleetd-new" || die 73 "$target cannot be written: $(no_space /etc)"
    password() { sed -e 's/^K10[0-9a-f]*:://' -e 's/^[a-z]*://' -- "$1" 2> /dev/null; }
    if [ -f "$target" ] && [ "$(password "$target")" = "$(password "$target.fleetd-new")" ]; then exit 0; fi
    sync -- "$target.fleetd-new" && mv -T -- "$target.fleetd-new" "$target" && sync -- /etc/rancher/k3s \
      || die 73 "$target cannot be written"
    """#
  )

  /// Line 1: the restore's id, the snapshot's SHA-256, for how many seconds k3s may take, the unit. Payload: the token.
  ///
  /// k3s refuses to reset a server that is told to join another, and looks for a snapshot in S3 where that is configured:
  /// it is given the server's settings without those keys. Of an attempt that a crash ended k3s leaves `reset-flag`, which
  /// keeps it from a second one; the datastore is replaced as a whole, so that a second one is right.
  /// mktemp(1) puts what nobody can guess in place of the X.
  static let restoreReset = StepScript(
    "restore-reset",
    #"""
    IFS=$tab read -r id sum seconds unit || die 65 "the input ends early"
    umask 077
    state=/var/lib/fleetd
    [ "$(cat "$state/restoring" 2> /dev/null)" = "$id" ] || die 65 "this server was not prepared for the restore of $id"
    [ "$(cat "$state/restored" 2> /dev/null)" != "$id" ] || exit 0
    ! systemctl is-active --quiet -- "$unit" || die 75 "$unit runs"
    [ "$(digest_of "$state/restore.db")" = "$sum" ] || die 65 "$state/restore.db is not the snapshot that was sent"
    mkdir -p /run/fleetd && work=$(mktemp -d /run/fleetd/restore.XXXXXX) || die 73 "/run/fleetd cannot be written"
    trap 'rm -rf -- "$work"' EXIT
    read_payload > "$work/token" || die 73 "$work cannot be written"
    stripped() { sed -E '/^"?(server|token|token-file|etcd-s3[a-z0-9-]*)"?\+?[[:space:]]*:/d' -- "$1" > "$2"; }
    : > "$work/config.yaml"
    if [ -f /etc/rancher/k3s/config.yaml ]; then stripped /etc/rancher/k3s/config.yaml "$work/config.yaml"; fi
    mkdir "$work/config.yaml.d"
    for file in /etc/rancher/k3s/config.yaml.d/*; do
      case $file in *.[Yy][Aa][Mm][Ll] | *.[Yy][Mm][Ll]) stripped "$file" "$work/config.yaml.d/${file##*/}" ;; esac
    done
    rm -f /var/lib/rancher/k3s/server/db/reset-flag
    timeout -k 10 "$seconds" /usr/local/bin/k3s server --config="$work/config.yaml" --token-file="$work/token" \
      --cluster-reset --cluster-reset-restore-path="$state/restore.db" > "$work/log" 2>&1 < /dev/null 9>&-
    status=$?
    [ "$status" -ne 124 ] || die 124 "k3s has not restored the snapshot within $seconds s: $(tail -n 6 "$work/log" | head -c 3000)"
    if [ "$status" -ne 0 ] || [ ! -d /var/lib/rancher/k3s/server/db/etcd ]; then
      die 70 "k3s cannot restore the snapshot (exit $status): $(tail -n 8 "$work/log" | head -c 3000)"
    fi
    printf '%s\n' "$id" > "$state/restored.new" && sync -- "$state/restored.new" \
      && mv -T "$state/restored.new" "$state/restored" || die 73 "$state cannot be written"
    rm -f -- "$state/restore.db"
    """#
  )

  /// Line 1: the restore's id, the unit, the URL of the server that has the restored datastore. The old one is kept beside
  /// it, and k3s is told whom to join: a server with neither a datastore nor a `server:` would found a cluster.
  static let restoreRejoin = StepScript(
    "restore-rejoin",
    #"""
    IFS=$tab read -r id unit url || die 65 "the input ends early"
    umask 077
    state=/var/lib/fleetd
    database=/var/lib/rancher/k3s/server/db
    [ "$(cat "$state/restoring" 2> /dev/null)" = "$id" ] || die 65 "this server was not prepared for the restore of $id"
    [ "$(cat "$state/restored" 2> /dev/null)" != "$id" ] || exit 0
    ! systemctl is-active --quiet -- "$unit" || die 75 "$unit runs"
    drop=/etc/rancher/k3s/config.yaml.d/zz-fleetd-restore.yaml
    mkdir -p "${drop%/*}" || die 73 "${drop%/*} cannot be made"
    printf 'cluster-init: false\nserver: "%s"\n' "$url" > "$state/rejoin.new" && sync -- "$state/rejoin.new" \
      && mv -T "$state/rejoin.new" "$drop" && sync -- "${drop%/*}" || die 73 "$drop cannot be written"
    if [ -e "$database" ]; then
      rm -rf -- "$database.fleetd-before-restore" && mv -T -- "$database" "$database.fleetd-before-restore" \
        && sync -- "${database%/*}" || die 73 "$database cannot be moved away"
    fi
    printf '%s\n' "$id" > "$state/restored.new" && sync -- "$state/restored.new" \
      && mv -T "$state/restored.new" "$state/restored" || die 73 "$state cannot be written"
    """#
  )

  /// Nothing of the restore is left but the old datastore.
  static let restoreFinish = StepScript(
    "restore-finish",
    #"""
    [ -d /var/lib/rancher/k3s/server/db/etcd ] || die 65 "there is no etcd here yet"
    rm -f -- /etc/rancher/k3s/config.yaml.d/zz-fleetd-restore.yaml /var/lib/fleetd/restore.db \
      /var/lib/fleetd/restored /var/lib/fleetd/restoring || die 73 "/var/lib/fleetd cannot be written"
    rmdir /etc/rancher/k3s/config.yaml.d 2> /dev/null || :
    """#
  )
}
