/// How a constant script about the cluster runs on a server: as root, with k3s' own kubectl.
package enum ServerScript {
  /// Exit status of a script on a server whose API server does not answer: another server may.
  package static let notAnswering = 75
  /// Exit status where another's roll-out is on.
  package static let locked = 72
  /// Exit status of a drain that left pods behind.
  package static let notMoved = 71

  /// The whole text that runs for a step about the cluster. It holds no lock of the node: a drain may take minutes, and
  /// concerns another node.
  package static func text(for script: StepScript) -> String {
    ["{", StepPrelude.sharedFunctions, functions, script.text, "}"].joined(separator: "\n")
  }

  /// `kube SECONDS ARGUMENTS…` is kubectl with an end in sight. What it discovers of the API it keeps in memory, below
  /// /run: without that each call costs seconds, and on the card a check writes nothing. What kubectl says beside a value
  /// (of throttling, say) must not become part of it: it goes to standard error, where a failure's message stands, too.
  ///
  /// `answering` ends the script where the API server is not there. `unable WHY` ends it after a call that came to
  /// nothing: an API server that went away meanwhile is that, and no failure of the step.
  package static let functions = #"""
    kube() {
      kube_seconds=$1; shift
      timeout -k 2 "$((kube_seconds + 5))" /usr/local/bin/k3s kubectl --cache-dir=/run/fleetd/kubectl \
        --request-timeout="${kube_seconds}s" "$@"
    }
    answering() {
      [ -x /usr/local/bin/k3s ] || die 75 "k3s is not installed here"
      answer=$(kube 10 get --raw /readyz 2>&1 < /dev/null) && [ "$answer" = ok ] \
        || die 75 "the API server does not answer: $(printf '%s' "$answer" | head -c 500)"
    }
    unable() { answering; die 70 "$1"; }
    """#
}
