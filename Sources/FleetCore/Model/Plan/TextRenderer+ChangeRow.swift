/// One line of a plan's table of changes. Text and Markdown lay out the same rows.
///
/// Every string is escaped and cut already: from here on nothing of a node's can act on a terminal.
struct ChangeRow: Sendable, Hashable {
  let action: Change.Action
  let kind: String
  let what: String
  /// "before -> after".
  let value: String
  let note: String
  let diff: [String]
  let isHeld: Bool

  /// With more changes than this, a node (mostly a blank one) is folded to one row per kind and action.
  static let foldingLimit = 12

  /// The rows of one node.
  static func rows(of changeSets: [ChangeSet], isWhole: Bool, arrow: String = "->") -> [ChangeRow] {
    let text = ShownText(isWhole: isWhole)
    let items = changeSets.flatMap { set in set.changes.map { Item(change: $0, held: set.held?.reason) } }
    guard !isWhole, items.count > foldingLimit else { return items.map { ChangeRow($0, text, arrow) } }
    var groups: [(key: GroupKey, items: [Item])] = []
    for item in items {
      let key = GroupKey(action: item.change.action, kind: item.change.kind, held: item.held)
      if let index = groups.firstIndex(where: { $0.key == key }) {
        groups[index].items.append(item)
      } else {
        groups.append((key, [item]))
      }
    }
    return groups.map { group in
      group.items.count == 1
        ? ChangeRow(group.items[0], text, arrow, showsDiff: false)
        : ChangeRow(folding: group.items, as: group.key, text)
    }
  }

  private struct Item {
    let change: Change
    let held: Reason?
  }

  private struct GroupKey: Hashable {
    let action: Change.Action
    let kind: ResourceKind
    let held: Reason?
  }

  init(
    action: Change.Action, kind: String, what: String, value: String, note: String, diff: [String]
  ) {
    self.action = action
    self.kind = kind
    self.what = what
    self.value = value
    self.note = note
    self.diff = diff
    isHeld = false
  }

  private init(_ item: Item, _ text: ShownText, _ arrow: String, showsDiff: Bool = true) {
    let change = item.change
    let notes = [change.note, item.held.map { "held: \($0.rawValue)" }].compactMap { $0 }
    action = change.action
    kind = text.line(change.kind.name)
    what = text.line(change.name)
    value = text.value(of: change, arrow: arrow)
    note = text.line(notes.joined(separator: "; "))
    diff = showsDiff ? change.diff.map { text.line($0) } : []
    isHeld = item.held != nil
  }

  /// `12 packages: a, b, c, …`.
  private init(folding items: [Item], as key: GroupKey, _ text: ShownText) {
    action = key.action
    kind = text.line(key.kind.name)
    what = "\(items.count) \(key.kind.plural): " + Self.listed(items.map { text.line($0.change.name) })
    value = ""
    note = key.held.map { "held: \($0.rawValue)" } ?? ""
    diff = []
    isHeld = key.held != nil
  }

  /// As many names as have room, at least one.
  private static func listed(_ names: [String]) -> String {
    var text = ""
    for name in names {
      let longer = text.isEmpty ? name : "\(text), \(name)"
      guard text.isEmpty || longer.count <= ShownText.valueLimit else { return text + ", …" }
      text = longer
    }
    return text
  }
}

extension ResourceKind {
  /// "packages"; kinds whose names are plurals or numbers already are counted as changes, and what is about one Node.
  fileprivate var plural: String {
    guard let last = name.last, last.isLetter, last != "s", self != NodeObject.kind else { return "changes" }
    return last == "y" ? name.dropLast() + "ies" : name + "s"
  }
}
