/// One line of a plan's objects. Text and Markdown lay out the same rows; every string is escaped and cut already.
struct ObjectRow: Sendable, Hashable {
  let action: Change.Action
  /// `apps/v1 Deployment web/front`.
  let what: String
  /// `replicas 1 -> 2`.
  let value: String
  let note: String
  let diff: [String]
  let isHeld: Bool

  static func rows(
    of changes: [ObjectChange], isWhole: Bool, arrow: String = "->", limit: Int = .max
  ) -> [ObjectRow] {
    let text = ShownText(isWhole: isWhole)
    guard !isWhole, changes.count > limit else { return changes.map { ObjectRow($0, text, arrow) } }
    var groups: [(key: GroupKey, changes: [ObjectChange])] = []
    for change in changes {
      let key = GroupKey(action: change.action, type: change.object.type, held: change.held)
      if let index = groups.firstIndex(where: { $0.key == key }) {
        groups[index].changes.append(change)
      } else {
        groups.append((key, [change]))
      }
    }
    return groups.map { group in
      group.changes.count == 1 ? ObjectRow(group.changes[0], text, arrow) : ObjectRow(folding: group.changes, text)
    }
  }

  private struct GroupKey: Hashable {
    let action: Change.Action
    let type: String
    let held: Reason?
  }

  private init(_ change: ObjectChange, _ text: ShownText, _ arrow: String) {
    action = change.action
    what = text.line(change.object.description)
    let notes = [change.note, change.held.map { "held: \($0.rawValue)" }].compactMap { $0 }
    note = text.line(notes.joined(separator: "; "))
    isHeld = change.held != nil
    guard change.fields.count == 1, change.fields[0].lines.isEmpty else {
      value = change.fields.isEmpty ? "" : Counted.phrase(change.fields.count, "value")
      diff = change.fields.flatMap { Self.lines(of: $0, text, arrow) }
      return
    }
    value = Self.line(of: change.fields[0], text, arrow)
    diff = []
  }

  private init(folding changes: [ObjectChange], _ text: ShownText) {
    action = changes[0].action
    let names = changes.prefix(4).map { text.line($0.object.place) }.joined(separator: ", ")
    what = "\(changes.count) \(text.line(changes[0].object.type)): " + names + (changes.count > 4 ? ", …" : "")
    value = ""
    note = changes[0].held.map { "held: \($0.rawValue)" } ?? ""
    diff = []
    isHeld = changes[0].held != nil
  }

  private static func line(of field: ObjectField, _ text: ShownText, _ arrow: String) -> String {
    let change = Change(.change, .objects, "", from: field.before, to: field.after)
    return "\(text.line(field.path)) \(text.value(of: change, arrow: arrow))"
  }

  /// As lines of a unified diff, whose first character is a symbol.
  private static func lines(of field: ObjectField, _ text: ShownText, _ arrow: String) -> [String] {
    guard !field.lines.isEmpty else { return [" " + line(of: field, text, arrow)] }
    return [" " + text.line(field.path)]
      + field.lines.map { line in
        line.prefix(1) + "  " + text.line(String(line.dropFirst()))
      }
  }
}
