import YAMLSource

/// Writes a key that may only look into the Fleet document, as a person would: the rest of the file stays as it is.
package enum CheckKeyEdit {
  package enum Outcome: Sendable {
    /// The file as it shall be.
    case edited(InventoryFile, before: String, after: String)
    case isThere(file: String)
    /// The document is written in a form that is not edited here.
    case byHand(file: String, text: String)
  }

  /// - Parameters:
  ///   - files: of a valid inventory.
  ///   - line: the key, as `TextRule.checkKey` accepts it.
  package static func adding(_ line: String, to files: [InventoryFile]) -> Outcome? {
    var ignored = Diagnostics()
    guard let fleet = InventoryDocument.read(files, &ignored).first(where: { $0.kind == "Fleet" }),
      let file = files.first(where: { $0.name == fleet.mark.source.name }), let key = AuthorizedKey(line)
    else { return nil }
    let present = keys(in: fleet.spec)
    if present.contains(where: { $0.string.flatMap { AuthorizedKey($0) }?.isEquivalent(to: key) == true }) {
      return .isThere(file: file.name)
    }
    let text = String(decoding: file.bytes, as: UTF8.self)
    let quoted = "\"" + line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    if let edited = edited(text, fleet.spec, present, quoted) {
      let after = InventoryFile(name: file.name, bytes: Array(edited.utf8))
      if isSound(files.map { $0.name == file.name ? after : $0 }, present.compactMap(\.string) + [line]) {
        return .edited(after, before: text, after: edited)
      }
    }
    return .byHand(file: file.name, text: "spec:\n  checkAccess:\n    keys:\n      - \(quoted)\n")
  }

  private static func keys(in spec: YAMLNode) -> [YAMLNode] {
    spec.mapping?["checkAccess"]?.mapping?["keys"]?.sequence ?? []
  }

  /// Behind the last key, or in front of the first entry of the spec; `nil` where lines do not show what is where.
  private static func edited(_ text: String, _ spec: YAMLNode, _ present: [YAMLNode], _ quoted: String) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if let last = present.last {
      guard lines.indices.contains(last.mark.line - 1) else { return nil }
      let line = lines[last.mark.line - 1]
      let indent = line.prefix { $0 == " " }
      guard line.dropFirst(indent.count).hasPrefix("- ") else { return nil }
      lines.insert("\(indent)- \(quoted)", at: last.mark.line)
    } else {
      guard let first = spec.mapping?.entries.first, spec.mapping?["checkAccess"] == nil,
        lines.indices.contains(first.keyNode.mark.line - 1)
      else { return nil }
      let indent = String(repeating: " ", count: first.keyNode.mark.column - 1)
      guard lines[first.keyNode.mark.line - 1].hasPrefix(indent + first.key) else { return nil }
      lines.insert(
        contentsOf: ["\(indent)checkAccess:", "\(indent)  keys:", "\(indent)    - \(quoted)"],
        at: first.keyNode.mark.line - 1)
    }
    return lines.joined(separator: "\n")
  }

  /// Whether the edited files are valid, and say just that.
  private static func isSound(_ files: [InventoryFile], _ wanted: [String]) -> Bool {
    guard let spec = FleetDecoder.decode(files).fleet?.document else { return false }
    return keys(in: spec).compactMap(\.string) == wanted
  }
}
