import YAMLSource

/// What two declarations of one thing differ in, by the schema of both: maps by their keys, lists as their layers merge.
///
/// No kind is named here: a new one is compared as soon as it has a schema.
struct DeclarationDiff {
  private var changes: [DeclaredChange] = []
  /// Keys of the declaration that are compared elsewhere.
  private let skipped: Set<String>

  /// - Parameters:
  ///   - before, after: mappings that are valid against `fields`.
  ///   - skipped: keys at the top that are left out.
  static func changes(
    from before: YAMLNode?, to after: YAMLNode?, _ fields: [Field], skipping skipped: Set<String> = []
  ) -> [DeclaredChange] {
    var diff = DeclarationDiff(skipped: skipped)
    diff.compare(before, after, .object(fields), at: [])
    return diff.changes
  }

  private init(skipped: Set<String>) { self.skipped = skipped }

  private mutating func compare(_ before: YAMLNode?, _ after: YAMLNode?, _ schema: Schema, at path: [String]) {
    if let before, let after, before.hasSameContent(as: after) { return }
    guard before != nil || after != nil else { return }
    // A kind that is new or gone is told entry by entry; what is below, as one value.
    let isWhole = (before == nil || after == nil) && path.count > 1
    guard !isWhole, isNested(before, after) else { return report(before, after, at: path) }
    switch schema {
    case .object(let fields):
      compareEntries(before, after, at: path, inOrderOf: fields.map(\.name)) { key in
        fields.first { $0.name == key }?.schema ?? .freeForm
      }
    case .map(_, let values): compareEntries(before, after, at: path) { _ in values }
    case .freeForm where (before ?? after)?.mapping != nil:
      compareEntries(before, after, at: path) { _ in .freeForm }
    case .list(let element, let merge) where merge != .atomic:
      compareItems(before, after, element, merge, at: path)
    case .either(let choices):
      let choice = choices.first { choice in
        switch choice {
        case .object, .map: (before ?? after)?.mapping != nil
        case .list: (before ?? after)?.sequence != nil
        default: false
        }
      }
      if let choice { compare(before, after, choice, at: path) } else { report(before, after, at: path) }
    case .text, .scalar, .integer, .boolean, .duration, .choice, .secret, .freeForm, .list:
      report(before, after, at: path)
    }
  }

  /// Both are mappings, or both are lists; a side that is missing is like the other.
  private func isNested(_ before: YAMLNode?, _ after: YAMLNode?) -> Bool {
    let sides = [before, after].compactMap { $0 }
    return sides.allSatisfy { $0.mapping != nil } || sides.allSatisfy { $0.sequence != nil }
  }

  private mutating func compareEntries(
    _ before: YAMLNode?, _ after: YAMLNode?, at path: [String], inOrderOf names: [String] = [],
    schemaOf: (String) -> Schema
  ) {
    let keys = Self.united((before?.mapping?.entries ?? []).map(\.key), (after?.mapping?.entries ?? []).map(\.key))
    let ordered = names.filter(keys.contains) + keys.filter { !names.contains($0) }
    for key in ordered where !(path.isEmpty && skipped.contains(key)) {
      compare(before?.mapping?[key], after?.mapping?[key], schemaOf(key), at: path + [key])
    }
  }

  private mutating func compareItems(
    _ before: YAMLNode?, _ after: YAMLNode?, _ element: Schema, _ merge: ListMerge, at path: [String]
  ) {
    let (old, new) = (before?.sequence ?? [], after?.sequence ?? [])
    let (oldNames, newNames) = (old.compactMap(merge.identity), new.compactMap(merge.identity))
    guard oldNames.count == old.count, newNames.count == new.count else { return report(before, after, at: path) }
    let (oldItems, newItems) = (byName(old, oldNames), byName(new, newNames))
    for name in Self.united(oldNames, newNames) {
      // An entry of a set is its own name: it is there or not.
      let place = merge == .set ? path : path + [name]
      compare(oldItems[name], newItems[name], element, at: place)
    }
    if Set(oldNames) == Set(newNames), oldNames != newNames {
      changes.append(
        DeclaredChange(
          .change, path.first ?? "", (path.dropFirst() + ["order"]).joined(separator: " "),
          from: oldNames.joined(separator: ", "), to: newNames.joined(separator: ", ")))
    }
  }

  private func byName(_ items: [YAMLNode], _ names: [String]) -> [String: YAMLNode] {
    Dictionary(zip(names, items)) { first, _ in first }
  }

  private static func united(_ old: [String], _ new: [String]) -> [String] {
    let known = Set(old)
    return old + new.filter { !known.contains($0) }
  }

  private mutating func report(_ before: YAMLNode?, _ after: YAMLNode?, at path: [String]) {
    let (old, new) = (DeclaredValue(before), DeclaredValue(after))
    let action: Change.Action = before == nil ? .add : after == nil ? .remove : .change
    let keys = Self.united(old.texts.map(\.key), new.texts.map(\.key))
    let diff = keys.flatMap { key in
      LineDiff.unified(
        from: old.texts.first { $0.key == key }?.text ?? "", to: new.texts.first { $0.key == key }?.text ?? "")
    }
    let isText = old.line == new.line
    changes.append(
      DeclaredChange(
        action, path.first ?? "", path.dropFirst().joined(separator: " "), from: isText ? nil : old.line,
        to: isText ? nil : new.line, diff: diff))
  }
}

/// A value on one line, and the texts in it that have several.
private struct DeclaredValue {
  /// `nil`: there is none, or it is a text of several lines.
  let line: String?
  /// By their keys; of a value that is itself such a text the key is empty.
  let texts: [(key: String, text: String)]

  init(_ node: YAMLNode?) {
    let text = node.flatMap(Self.longText)
    let entries = node?.mapping?.entries ?? []
    texts =
      text.map { [("", $0)] }
      ?? entries.compactMap { entry in Self.longText(entry.value).map { (entry.key, $0) } }
    guard let node, text == nil else {
      line = nil
      return
    }
    switch node.value {
    // Alone it needs no quotes.
    case .scalar(let scalar): line = scalar.text
    case .sequence: line = K3sYAML.oneLine(node)
    case .mapping:
      let rest = entries.filter { Self.longText($0.value) == nil }
      line = K3sYAML.oneLine(YAMLNode(.mapping(YAMLMapping(entries: rest)), mark: node.mark))
    }
  }

  private static func longText(_ node: YAMLNode) -> String? {
    guard let text = node.string, text.contains("\n") else { return nil }
    return text
  }
}
