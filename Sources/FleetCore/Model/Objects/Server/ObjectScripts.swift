/// What the scripts about objects share. All of them are constant; objects, names and files are data on standard input.
enum ObjectScripts {
  /// `kube` is that of `ServerScript` with a cache of what kinds there are, for as long as the script runs: several calls
  /// and many kinds would each ask anew otherwise, and kubectl slows itself down.
  ///
  /// `scratch` makes $work, a directory that root alone can read, in memory; it goes with the script, whatever ends it.
  /// One that a killed script left behind is taken away after an hour; mktemp(1)
  /// puts what nobody can guess in place of the X. `lines FROM COUNT FILE` are some of its lines.
  static let functions: StaticString = #"""
    scratch() {
      find /run -maxdepth 1 -name 'fleetd-objects.*' -mmin +60 -exec rm -rf -- {} + 2> /dev/null
      work=$(mktemp -d /run/fleetd-objects.XXXXXX) || die 73 "/run cannot be written"
      trap 'rm -rf -- "$work"' EXIT
      trap 'exit 70' HUP INT PIPE TERM
      HOME=$work; export HOME
    }
    kube() {
      kube_seconds=$1; shift
      timeout -k 2 "$((kube_seconds + 5))" /usr/local/bin/k3s kubectl --cache-dir="${work:-/dev/null}/cache" \
        --request-timeout="${kube_seconds}s" "$@"
    }
    emit() { printf '= %s %s\n%s\n' "$1" "${#2}" "$2"; }
    emit_file() {
      emit_size=$(stat -c %s -- "$2")
      printf '= %s %s\n' "$1" "$emit_size"; head -c "$emit_size" -- "$2"; printf '\n'
    }
    lines() { sed -n "$1,$(($1 + $2 - 1))p;$(($1 + $2 - 1))q" -- "$3"; }
    said() { if [ -s "$work/error" ]; then head -c "$1" -- "$work/error"; else echo "kubectl ended with $2"; fi; }
    still_answering() {
      grep -qE 'was refused|connection refused|connection reset|i/o timeout|unexpected EOF|TLS handshake|timed out|etcdserver|ServiceUnavailable' \
        "$work/error" || return 0
      answering
    }
    """#

  /// A script that only reads, as it runs on a server.
  static func reading(_ text: String) -> String {
    ["{", StepPrelude.sharedFunctions, ServerScript.functions, "\(functions)", text, "}"].joined(separator: "\n")
  }
}
