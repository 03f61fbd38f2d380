/// What fleetd wrote down on a node: which board it is, and every name that was ever declared for it.
///
/// `/var/lib/fleetd/board` holds the serial number, `/var/lib/fleetd/declared` lines `KIND<TAB>NAME`. Both are written
/// before the first change of a pass and so name at least what is on the node; a node in sync is not written to.
package struct NodeRecord: Sendable, Hashable {
  package struct Entry: Sendable, Hashable, Comparable {
    package let kind: String
    package let name: String

    package init(_ kind: ResourceKind, _ name: String) {
      self.kind = kind.name
      self.name = name
    }

    /// As a person or a node names it; the kind need not be one of this version's.
    package init(kind: String, name: String) {
      self.kind = kind
      self.name = name
    }

    init?(line: Substring) {
      let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      guard fields.count == 2, !fields[0].isEmpty, !fields[1].isEmpty else { return nil }
      kind = String(fields[0].prefix(64))
      name = String(fields[1].prefix(4096))
    }

    package static func < (one: Self, other: Self) -> Bool { (one.kind, one.name) < (other.kind, other.name) }

    /// As a line of the file.
    package var fields: [String] { [kind, name] }
  }

  /// 16 hexadecimal digits; `nil`: nothing was written yet.
  package let board: String?
  package let declared: Set<Entry>

  package init(board: String? = nil, declared: Set<Entry> = []) {
    self.board = board
    self.declared = declared
  }

  /// What a node says of itself: what is no entry and no serial number is dropped.
  init(board: String?, declared text: String) {
    self.init(
      board: board.flatMap { TextRule.boardSerial.problem(with: $0) == nil ? $0.lowercased() : nil },
      declared: Set(text.split(separator: "\n").compactMap(Entry.init(line:)))
    )
  }
}

extension HostFacts {
  /// The board's serial number, if it is one.
  package var board: String? {
    serial.flatMap { TextRule.boardSerial.problem(with: $0) == nil ? $0.lowercased() : nil }
  }
}

extension StepScript {
  /// Line 1: the board's serial number, or nothing. Then lines `KIND<TAB>NAME`, which are added to those that are there.
  package static let record = StepScript(
    "record",
    #"""
    IFS= read -r board || die 65 "the input ends early"
    directory=/var/lib/fleetd; new=$directory/.record.fleetd-new
    mkdir -p -m 0755 "$directory" || die 73 "$directory cannot be made"
    trap 'rm -f -- "$new"' EXIT
    old=$directory/declared; [ -f "$old" ] || old=/dev/null
    sort -u -- "$old" - > "$new" && sync -- "$new" && mv -T -- "$new" "$directory/declared" \
      || die 73 "$directory/declared cannot be written: $(no_space "$directory")"
    [ -z "$board" ] || { printf '%s\n' "$board" > "$new" && sync -- "$new" && mv -T -- "$new" "$directory/board"; } \
      || die 73 "$directory/board cannot be written: $(no_space "$directory")"
    sync -- "$directory"
    """#
  )

  /// Lines `KIND<TAB>NAME`, which are no longer remembered.
  package static let forget = StepScript(
    "forget",
    #"""
    directory=/var/lib/fleetd; new=$directory/.record.fleetd-new
    [ -f "$directory/declared" ] || exit 0
    trap 'rm -f -- "$new"' EXIT
    grep -v -x -F -f - -- "$directory/declared" > "$new"
    [ $? -le 1 ] && sync -- "$new" && mv -T -- "$new" "$directory/declared" && sync -- "$directory" \
      || die 73 "$directory/declared cannot be written: $(no_space "$directory")"
    """#
  )
}
