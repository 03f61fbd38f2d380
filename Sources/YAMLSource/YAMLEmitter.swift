/// Nodes to YAML text that every reader understands alike: block style, two spaces a level, keys in their order.
///
/// The same node always yields the same bytes. Strings are quoted wherever a reader of YAML 1.1 or 1.2 could take them
/// for something else (`ScalarText`). Comments, styles, anchors and merge keys of the original are not kept.
public enum YAMLEmitter {
  /// One document without `---`; ends in a line feed.
  public static func emit(_ node: YAMLNode) -> String {
    var writer = BlockWriter()
    writer.writeDocument(node)
    return writer.text
  }
}

/// Recursion is as deep as the node; nodes from a text are no deeper than `YAMLLimits` allows.
private struct BlockWriter {
  private(set) var text = ""

  mutating func writeDocument(_ node: YAMLNode) {
    if let scalar = node.scalar {
      text += ScalarText.value(scalar, indentation: Self.step) + "\n"
    } else if isEmpty(node) {
      text += emptyCollection(node) + "\n"
    } else {
      writeCollection(node, indentation: 0, continuesLine: false)
    }
  }

  /// - Parameter continuesLine: whether the first entry follows a `- ` on the line that is already begun.
  private mutating func writeCollection(_ node: YAMLNode, indentation: Int, continuesLine: Bool) {
    var startsLine = !continuesLine
    func margin() -> String { startsLine ? String(repeating: " ", count: indentation) : "" }
    switch node.value {
    case .scalar:
      break
    case .sequence(let items):
      for item in items {
        text += margin() + "-"
        writeValue(item, indentation: indentation + Self.step, mayContinueLine: true)
        startsLine = true
      }
    case .mapping(let mapping):
      for entry in mapping.entries {
        text += margin() + key(entry.key, indentation: indentation)
        writeValue(entry.value, indentation: indentation + Self.step, mayContinueLine: false)
        startsLine = true
      }
    }
  }

  /// What follows a `-` or a `key:`, up to and including the line feed.
  private mutating func writeValue(_ node: YAMLNode, indentation: Int, mayContinueLine: Bool) {
    if let scalar = node.scalar {
      text += " " + ScalarText.value(scalar, indentation: indentation) + "\n"
    } else if isEmpty(node) {
      text += " " + emptyCollection(node) + "\n"
    } else {
      text += mayContinueLine ? " " : "\n"
      writeCollection(node, indentation: indentation, continuesLine: mayContinueLine)
    }
  }

  private func key(_ key: String, indentation: Int) -> String {
    let text = ScalarText.key(key)
    // Readers give up on finding the ":" of a simple key after 1024 characters.
    guard text.utf8.count > 1000 else { return "\(text):" }
    return "? \(text)\n" + String(repeating: " ", count: indentation) + ":"
  }

  private func isEmpty(_ node: YAMLNode) -> Bool {
    node.sequence?.isEmpty ?? node.mapping?.entries.isEmpty ?? false
  }

  private func emptyCollection(_ node: YAMLNode) -> String {
    node.sequence == nil ? "{}" : "[]"
  }

  private static let step = 2
}
