/// The one script that observes a node: constant text, put together from the fragments of all kinds.
///
/// It reads and never writes. Its parameters are data on standard input: `section KIND COUNT`, then COUNT lines of
/// tab-separated fields for that kind's function. Its answer is framed: `section KIND`, then records
/// `= KEY LENGTH`, LENGTH bytes and a newline, and at last `end SECTIONS`.
package enum ProbeScript {
  package static let version = 1

  /// `fragments` are shell functions `probe_KIND`, which read their lines with `read` and answer with the helpers.
  package static func text(_ fragments: [ProbeFragment]) -> String {
    [functions(fragments), "printf '\\nfleetd-probe 1\\n'", "sections=0", dispatcher].joined(separator: "\n")
  }

  /// All functions, and nothing that runs.
  package static func functions(_ fragments: [ProbeFragment]) -> String {
    ([prelude, ownWays] + fragments.map(\.text)).joined(separator: "\n")
  }

  package static func input(_ requests: [ProbeRequest]) -> [UInt8] {
    var bytes: [UInt8] = []
    for request in requests {
      bytes += Array("section \(request.kind.name) \(request.lines.count)\n".utf8)
      for line in request.lines { bytes += NodeScript.line(line) }
    }
    return bytes
  }

  /// `emit KEY TEXT`, `emit_file KEY PATH [MOST]` (larger files are left out) and `slurp PATH` (into $slurped, without
  /// starting a process; dash and bash both drop NUL bytes there). LC_ALL=C makes `${#x}` count bytes. Numbers below
  /// /proc/sys cannot be slurped: see the probe of the `sysctl` kind.
  private static let prelude = #"""
    LC_ALL=C; export LC_ALL; TZ=UTC; export TZ; unset LANGUAGE
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
    tab=$(printf '\t'); newline='
    '
    emit() { printf '= %s %s\n%s\n' "$1" "${#2}" "$2"; }
    emit_file() {
      emit_size=$(stat -L -c %s -- "$2") && [ "$emit_size" -le "${3:-1048576}" ] || return 0
      printf '= %s %s\n' "$1" "$emit_size"; head -c "$emit_size" -- "$2"; printf '\n'
    }
    slurp() {
      slurped=
      [ -r "$1" ] || return 1
      while IFS= read -r slurp_line || [ -n "$slurp_line" ]; do slurped="$slurped$slurp_line$newline"; done < "$1"
    }
    """#

  /// How what may be secret leaves the node, towards somebody who is trusted with it: digests ($sealed) and lines of fstab
  /// ($masked) as they are, text with the rights of root. `CheckProgram` has ways of its own.
  private static let ownWays = #"""
    seal() { sealed=$1; }
    mask() { masked=$1; }
    emit_text() { emit_file "$@"; }
    emit_fstab() { emit_file "$1" /etc/fstab; }
    """#

  /// Answers the sections that standard input asks for, then the end mark; $sections is how many were answered before.
  package static let dispatcher = #"""
    while IFS=' ' read -r word kind count; do
      [ "$word" = section ] || exit 65
      printf 'section %s\n' "$kind"
      "probe_$kind" "$count" || exit 70
      sections=$((sections + 1))
    done
    printf 'end %s\n' "$sections"
    """#
}

/// One kind's part of the probe: a shell function named `probe_KIND`.
package struct ProbeFragment: Sendable {
  package let text: String

  /// Parts of one text, each beginning on a line of its own.
  package init(_ parts: StaticString...) { text = parts.map { "\($0)" }.joined(separator: "\n") }
}

/// What one kind asks of the probe.
package struct ProbeRequest: Sendable, Hashable {
  package let kind: ResourceKind
  package let lines: [[String]]

  package init(_ kind: ResourceKind, _ lines: [[String]] = []) {
    self.kind = kind
    self.lines = lines
  }
}
