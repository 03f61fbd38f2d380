/// What every step's script may use, and how its input is framed.
///
/// Exit statuses are those of sysexits(3): 65 the input or the precondition does not hold, 67 no such account, 69
/// refused by a validation or a simulation, 70 the tool failed, 73 cannot write, 75 try again later. The message is on
/// standard error.
package enum StepPrelude {
  /// The whole text that runs on the node for `script`: the step's lock is held until it ends. The braces make it one
  /// command: a shell runs nothing of a text that was cut off.
  package static func text(for script: StepScript) -> String {
    ["{", sharedFunctions, lock, script.text, "}"].joined(separator: "\n")
  }

  /// Lines, then the payload with its length before it and "end" behind it; `nil` when a secret of the payload is
  /// missing.
  package static func input(_ input: StepInput, with vault: SecretVault) -> [UInt8]? {
    var bytes = input.lines.flatMap { NodeScript.line($0) }
    if let payload = input.payload {
      guard let content = payload.bytes(with: vault) else { return nil }
      bytes += Array("\(content.count)\n".utf8) + content + Array("end\n".utf8)
    }
    return bytes
  }

  /// A lock that the running step holds: nothing stale survives it.
  private static let lock = #"""
    mkdir -p -m 0755 /run/fleetd || die 73 "/run/fleetd cannot be made"
    exec 9>>/run/fleetd/lock
    flock -w 20 9 || die 75 "another step of fleetd runs on this node and holds /run/fleetd/lock"
    """#

  /// `words` are one line of tab-separated arguments; `run_words` runs them with %s replaced. Nothing is evaluated.
  ///
  /// `read_payload` fails unless the payload came whole: head(1) calls half of one a success, and a connection may end
  /// anywhere.
  ///
  /// `expect_digest` keeps somebody else's work from being overwritten. A configuration file just as its package brought
  /// it is nobody's work: the package may have been installed or upgraded a moment ago, by the same run. A unit that does
  /// not run is owed no restart: it reads what is there when it starts.
  package static let sharedFunctions = #"""
    LC_ALL=C; export LC_ALL; TZ=UTC; export TZ; unset LANGUAGE
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
    tab=$(printf '\t'); newline='
    '
    die() { printf '%s\n' "$2" >&2; exit "$1"; }
    read_words() { IFS= read -r words || die 65 "the input ends early"; }
    run_words() {
      rw_rest=$1; rw_file=$2; set --
      while [ -n "$rw_rest" ]; do
        rw_word=${rw_rest%%"$tab"*}
        case $rw_rest in *"$tab"*) rw_rest=${rw_rest#*"$tab"} ;; *) rw_rest= ;; esac
        [ "$rw_word" = %s ] && rw_word=$rw_file
        set -- "$@" "$rw_word"
      done
      "$@"
    }
    each_word() {
      ew_function=$1; ew_rest=$2
      while [ -n "$ew_rest" ]; do
        ew_word=${ew_rest%%"$tab"*}
        case $ew_rest in *"$tab"*) ew_rest=${ew_rest#*"$tab"} ;; *) ew_rest= ;; esac
        "$ew_function" "$ew_word" || return 1
      done
    }
    read_payload() {
      IFS= read -r rp_length || die 65 "the input ends early"
      head -c "$rp_length" || return 1
      IFS= read -r rp_end && [ "$rp_end" = end ] || die 65 "the input ends early"
    }
    digest_of() { do_sum=$(sha256sum < "$1") && printf %s "${do_sum%% *}"; }
    expect_digest() {
      if [ -L "$1" ]; then ed_now=link; elif [ -e "$1" ]; then ed_now=$(digest_of "$1"); else ed_now=absent; fi
      [ "$ed_now" = "$2" ] || { [ "$ed_now" != link ] && is_as_packaged "$1"; } \
        || die 65 "$1 is not what it was when it was observed"
    }
    is_as_packaged() {
      iap_sum=$(md5sum < "$1") && dpkg-query -W -f '${Conffiles}\n' | grep -qxF " $1 ${iap_sum%% *}"
    }
    no_space() { df -Pk -- "$1" | awk 'NR == 2 { print $4 " KiB are free on " $6 }'; }
    owe_restart() {
      case $(systemctl show -p ActiveState --value -- "$1") in inactive | failed) return 0 ;; esac
      mkdir -p /run/fleetd/pending && : > "/run/fleetd/pending/$1"
    }
    owe_restarts() { each_word owe_restart "$1" || die 73 "/run/fleetd cannot be written"; }
    restarted() { rm -f -- "/run/fleetd/pending/$1"; }
    journal_of() { journalctl --no-pager -q -o cat -n 12 -u "$1" 2>/dev/null | head -c 4000; }
    """#
}
