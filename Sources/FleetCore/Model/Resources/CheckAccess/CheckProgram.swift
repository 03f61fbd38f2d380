import Crypto

/// The program that a key for looking can run on a node, as root: the constant probe of this version of fleetd, behind a
/// list of what it may be asked (`CheckGrant`).
///
/// Its input are questions, as `ProbeScript.input` writes them, bounded in size and time. They are data: awk lets through
/// what the list has, and what it does not have is told as denied. Nothing of the input is ever run, and no other file is
/// ever opened for it. One question is answered at a time.
///
/// What leaves the node: texts only of files that the account without any rights can read itself, read as that account, so
/// that no link leads further. Digests of everything else are sealed: HMAC-SHA-256 with a key that the node made and never
/// tells. A digest that the question itself names is answered plainly, so that whoever has a secret learns that it is the
/// same, and whoever has not learns nothing to guess from.
///
/// Of the cluster's objects what may be asked is no list beside it, but the cluster's own: `ObjectsLook`.
enum CheckProgram {
  static let text = text(at: CheckPaths.program, seal: CheckPaths.seal, reader: unprivileged)

  /// Lowercase SHA-256: the node's answer names that of the program that gave it.
  static let digest = SHA256.hash(data: Array(text.utf8)).hexadecimal

  private static let unprivileged =
    "setpriv --reuid=\(CheckAccess.account) --regid=\(CheckAccess.account) --clear-groups --no-new-privs"

  /// - Parameters:
  ///   - path: of the program; its list lies beside it.
  ///   - seal: the file that holds 64 random bytes as hexadecimal digits.
  ///   - reader: the command that runs another without rights.
  static func text(at path: String, seal: String, reader: String) -> String {
    let fragments = ResourceRegistry.kinds.map { $0.probe } + [ClusterProbe.fragment, ObjectsLook.fragment]
    let parts = [
      "#!/bin/sh", "# Managed by fleetd: what a key that may only look can run, and nothing else.", "{",
      ServerScript.functions, ProbeScript.functions(fragments),
      ways.replacing("@reader", with: reader), sealing.replacing("@seal", with: seal),
      (beginning + "\n" + verdict + "\n" + answer).replacing("@program", with: path).replacing(
        "@token", with: K3sPaths.token
      )
      .replacing("@dispatcher", with: ProbeScript.dispatcher),
      "}", "",
    ]
    return parts.joined(separator: "\n")
  }

  /// In place of `ProbeScript`'s own ways, and after them.
  private static let ways = #"""
    emit_text() {
      text=$(@reader head -c 65537 -- "$2" 2> /dev/null && printf .) || return 0
      text=${text%.}
      [ "${#text}" -gt "${3:-65536}" ] || emit "$1" "$text"
    }
    emit_fstab() {
      slurp /etc/fstab || return 0
      mask "$slurped"; emit "$1" "$masked"
    }
    # Passwords of network file systems stand in fstab.
    mask() {
      masked=$(printf %s "$1" | sed -E \
        -e 's/(^|[[:space:],])([Pp][Aa][Ss][Ss][A-Za-z0-9]*|[Ss][Ee][Cc][Rr][Ee][Tt])=[^[:space:],]*/\1\2=hidden/g' \
        -e 's/(^|[[:space:],])([Uu][Ss][Ee][Rr][A-Za-z]*=[^[:space:],%]*)%[^[:space:],]*/\1\2%hidden/g' \
        -e 's#//[^/[:space:]@]*:[^/[:space:]]*@#//hidden@#g'; printf .)
      masked=${masked%.}
    }
    """#

  /// `seal DIGEST`: HMAC (RFC 2104) with a key of one block. Octal numbers without a process for each byte.
  private static let sealing = #"""
    octal() { octal="$octal\\0$(($1 / 64))$(($1 / 8 % 8))$(($1 % 8))"; }
    octals() {
      octal=; octal_rest=$1
      while [ -n "$octal_rest" ]; do
        octal_byte=${octal_rest%"${octal_rest#??}"}; octal_rest=${octal_rest#??}
        octal "$((0x$octal_byte ^ $2))"
      done
    }
    seal() {
      sealed=$1
      case $known in *" $1 "*) return 0 ;; esac
      sealed=$({ printf %b "$seal_inner"; printf %s "$1"; } | sha256sum) || exit 70
      octals "${sealed%% *}" 0
      sealed=$({ printf %b "$seal_outer"; printf %b "$octal"; } | sha256sum) || exit 70
      sealed=${sealed%% *}
    }
    seal_ready() {
      IFS= read -r seal_key < @seal && [ "${#seal_key}" -eq 128 ] || refuse 70 "@seal is not whole"
      octals "$seal_key" 0x36; seal_inner=$octal
      octals "$seal_key" 0x5c; seal_outer=$octal
    }
    """#

  /// The account may give no argument, so that one comes from here alone.
  private static let beginning = #"""
    refuse() { printf 'fleetd-check: %s\n' "$2" >&2; exit "$1"; }
    cd / || exit 70
    case ${1-} in
      answer) ;;
      *)
        request=$(timeout 20 head -c 262145 | tr '\000' '\001')
        [ "${#request}" -le 262144 ] || refuse 65 "the question is longer than 256 KiB"
        printf '%s\n' "$request" | timeout -k 5 90 flock -w 60 @program /bin/sh @program answer
        exit
        ;;
    esac
    """#

  /// Lines `ask …` for the probe, `denied KIND[ LINE]` with tabs, and `known DIGEST`.
  private static let verdict = #"""
    verdict=$(awk -F '\t' -v allowed=@program.allow '
      function fail(why) { print "fleetd-check: " why > "/dev/stderr"; failed = 1; exit 65 }
      function is_digest(text) { return length(text) == 64 && text !~ /[^0-9a-f]/ }
      function is_state(text) { return text == "present" || text == "absent" }
      function form() {
        if (NF == 3 && (is_digest($1) || $1 == "unknown" || $1 == "absent") && $2 ~ /^(shown|secret|k3s)$/)
          return "*\t" $2 "\t" $3
        if (NF == 3 && kind == "package" && $2 ~ /^[][A-Za-z0-9.+:~*?!^-]+$/ && is_state($3)) return $1 "\t*"
        if (NF == 2 && kind == "directory" && is_state($1)) return "*\t" $2
        return $0
      }
      BEGIN {
        while ((status = (getline line < allowed)) > 0) {
          count = split(line, words, "\t")
          if (words[1] == "section" && count == 3) leading[words[2]] = words[3] + 0
          else rank[line] = ++ranks[words[1]]
        }
        if (status < 0) fail(allowed " cannot be read")
      }
      /[\001-\010\013-\037\177]/ { fail("the question holds a control character") }
      left == 0 {
        if (length($0) > 80 || $0 !~ /^section [a-z0-9]+ [0-9]+$/) fail("the question is none")
        split($0, words, " "); kind = words[2]; left = words[3] + 0; position = 0
        if (kind in count_of || left > 4000) fail("the question is none")
        count_of[kind] = 0; kinds[++number] = kind
        next
      }
      {
        left--; position++
        if (kind == "known") {
          if (!is_digest($0) || position > 64) fail("the question is none")
          print "known " $0
          next
        }
        if (!(kind in leading)) next
        # What may be asked of these, the cluster itself has the list of.
        if (kind == "objects") {
          if (position > 2000 || length($0) > 1000 || NF != 4) fail("the question is none")
          count_of[kind]++; lines[kind] = lines[kind] "ask " position "\t" $0 "\n"
          next
        }
        asked = kind "\t" form()
        if (position <= leading[kind] && rank[asked] == position) heads[kind]++
        else if (!(asked in rank) || rank[asked] <= leading[kind] || asked in used) {
          print "denied\t" kind "\t" $0
          next
        }
        used[asked] = 1; count_of[kind]++; lines[kind] = lines[kind] "ask " $0 "\n"
        if (NF == 3 && is_digest($1)) print "known " $1
      }
      END {
        if (failed) exit 65
        if (left > 0) fail("the question ends early")
        for (index_ = 1; index_ <= number; index_++) {
          kind = kinds[index_]
          if (kind == "known") continue
          if (!(kind in leading) || heads[kind] + 0 != leading[kind] && leading[kind] > 0) { print "denied\t" kind; continue }
          printf "ask section %s %d\n%s", kind, count_of[kind], lines[kind]
        }
      }
    ') || refuse 65 "nothing was looked at"
    """#

  /// Whoever knows the cluster's token knows the file of it too, in which the cluster's own hash stands before it.
  private static let answer = #"""
    know_token() {
      [ -f @token ] || return 0
      k3s_digest "$(head -c 4096 -- @token)"
      case $known in *" $k3s_sum "*) ;; *) return 0 ;; esac
      token=$(sha256sum < @token) || return 0
      known="$known${token%% *} "
    }
    known=" $(printf '%s\n' "$verdict" | sed -n 's/^known //p' | tr '\n' ' ')"
    seal_ready
    know_token
    program=$(sha256sum < @program) || refuse 70 "@program cannot be read"
    printf '\nfleetd-probe 1\nsection grant\n'
    emit program "${program%% *}"
    emit denied "$(printf '%s\n' "$verdict" | sed -n "s/^denied$tab//p")"
    printf '%s\n' "$verdict" | sed -n 's/^ask //p' | {
    sections=1
    @dispatcher
    }
    """#
}
