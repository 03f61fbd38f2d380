/// What a server does with the cluster's token. Run as the scripts of `ServerScript` are; a token is on standard input and
/// output alone, and in files of root's for as long as a script runs.
package enum TokenScript {
  /// Writes when `server/token` of a server that answers was written (seconds since 1970 UTC), and on the next line what it
  /// holds. k3s writes it when it is told of another token, and when it has come up with one: the newest is the cluster's.
  package static let read = ServerScript.text(
    for: StepScript(
      "token-read",
      #"""
      answering
      [ -f /var/lib/rancher/k3s/server/token ] || die 70 "there is no /var/lib/rancher/k3s/server/token"
      stat -c %Y /var/lib/rancher/k3s/server/token && head -c 4096 /var/lib/rancher/k3s/server/token
      """#))

  /// The characters that a token may have so that it can stand in JSON and YAML as it is.
  package static func isPlain(_ token: SecretReference, in vault: SecretVault) -> Bool {
    guard let bytes = Content(secret: token).bytes(with: vault), !bytes.isEmpty, bytes.count <= 512 else {
      return false
    }
    return bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }

  /// What `rotate` reads.
  package static func input(from previous: SecretReference, to next: SecretReference) -> StepInput {
    StepInput(payload: Content([.secret(previous), .text("\n"), .secret(next), .text("\n")]))
  }
}

extension StepScript {
  /// Payload: the present token's password and the new one's, a line each.
  ///
  /// `k3s token rotate` takes the new token as an argument alone, which every account of the machine can read. What that
  /// command sends is an HTTP PUT to the server itself, as the user `server` with the present token for a password; k3s'
  /// own kubectl sends the same, and reads both from files. It must not validate: it would ask the API for its schema
  /// first, as a user that the API does not know.
  ///
  /// k3s writes `server/token` before it encrypts the datastore anew: where that fails, its files are put back, or the
  /// token could never be told from the file again.
  ///
  /// mktemp(1) puts what nobody can guess in place of the X.
  package static let rotateToken = StepScript(
    "token-rotate",
    #"""
    umask 077
    server=/var/lib/rancher/k3s/server
    mkdir -p -m 0755 /run/fleetd && work=$(mktemp -d /run/fleetd/token.XXXXXX) || die 73 "/run/fleetd cannot be written"
    trap 'rm -rf -- "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    read_payload > "$work/tokens" || die 73 "$work cannot be written"
    { IFS= read -r previous && IFS= read -r next; } < "$work/tokens" || die 65 "the input ends early"
    answering
    [ -f "$server/token" ] || die 75 "there is no $server/token here"
    present=$(sed -e 's/^K10[0-9a-f]*:://' -e 's/^[a-z]*://' -- "$server/token")
    [ "$present" != "$next" ] || exit 0
    [ "$present" = "$previous" ] || die 65 "$server/token is not what it was when it was observed"
    url=$(sed -n 's/^ *server: *//p' /etc/rancher/k3s/k3s.yaml | head -n 1)
    cat > "$work/kubeconfig" <<END
    apiVersion: v1
    kind: Config
    clusters: [{name: here, cluster: {server: "${url:-https://127.0.0.1:6443}", certificate-authority: "$server/tls/server-ca.crt"}}]
    users: [{name: server, user: {username: server, password: "$previous"}}]
    contexts: [{name: here, context: {cluster: here, user: server}}]
    current-context: here
    END
    printf '{"newToken":"%s"}' "$next" > "$work/request"
    for file in token cred/passwd; do
      [ ! -e "$server/$file" ] || cp -p -- "$server/$file" "$work/${file##*/}.before" || die 73 "$work cannot be written"
    done
    if ! said=$(timeout -k 2 60 /usr/local/bin/k3s kubectl --kubeconfig="$work/kubeconfig" --cache-dir=/dev/null/none \
      --request-timeout=50s replace --validate=false --raw=/v1-k3s/token -f "$work/request" 2>&1 < /dev/null); then
      for file in token cred/passwd; do
        [ -e "$work/${file##*/}.before" ] || continue
        cp -p -- "$work/${file##*/}.before" "$server/$file.fleetd-new" \
          && mv -T -- "$server/$file.fleetd-new" "$server/$file"
      done
      die 70 "k3s does not take the new token: $(printf '%s\n' "$said" | tail -n 3 | head -c 1000)"
    fi
    """#
  )
}
