/// YAML that a person will read and edit: entries in the given order, comments above what they explain, and short
/// collections on one line. `YAMLEmitter` writes for machines; both quote alike.
public indirect enum YAMLDraft: Sendable {
  /// A value without comments: on one line where it is short, otherwise a block.
  case value(YAMLNode)
  case mapping([Part])
  case list([Part])

  /// One line, or more, of a mapping or a list.
  public enum Part: Sendable {
    /// Each line becomes a comment; what could end the comment or act on a terminal is written out.
    case comment(String)
    /// An entry of a mapping.
    case entry(String, YAMLDraft)
    /// An item of a list.
    case item(YAMLDraft)
  }

  /// One document without `---`; ends in a line feed.
  public var text: String {
    var writer = DraftWriter()
    writer.writeDocument(self)
    return writer.text
  }
}

extension YAMLDraft {
  /// A string, quoted where it must be.
  public static func string(_ text: String) -> YAMLDraft { .value(YAMLNode(.scalar(.string(text)), mark: mark)) }

  /// A list of strings.
  public static func strings(_ texts: [String]) -> YAMLDraft {
    .value(YAMLNode(.sequence(texts.map { YAMLNode(.scalar(.string($0)), mark: mark) }), mark: mark))
  }

  public static func int(_ value: Int) -> YAMLDraft { .value(YAMLNode(.scalar(.int(Int64(value))), mark: mark)) }

  public static func bool(_ value: Bool) -> YAMLDraft { .value(YAMLNode(.scalar(.bool(value)), mark: mark)) }

  /// For nodes that nobody wrote.
  private static let mark = YAMLMark(source: YAMLSourceFile(name: "draft", bytes: []), line: 1, column: 1)
}

private struct DraftWriter {
  private(set) var text = ""

  private static let step = 2
  /// Characters, of a whole line with its indentation.
  private static let longestLine = 110

  mutating func writeDocument(_ draft: YAMLDraft) {
    switch draft {
    case .value(let node): text += YAMLEmitter.emit(node)
    case .mapping(let parts), .list(let parts): writeParts(parts, indentation: 0, continuesLine: false)
    }
  }

  private mutating func writeParts(_ parts: [YAMLDraft.Part], indentation: Int, continuesLine: Bool) {
    let margin = String(repeating: " ", count: indentation)
    for (index, part) in parts.enumerated() {
      let start = index == 0 && continuesLine ? "" : margin
      switch part {
      case .comment(let comment): writeComment(comment, margin: margin)
      case .entry(let key, let value):
        text += "\(start)\(ScalarText.key(key)):"
        writeValue(value, indentation: indentation + Self.step, mayContinueLine: false)
      case .item(let value):
        text += "\(start)-"
        writeValue(value, indentation: indentation + Self.step, mayContinueLine: true)
      }
    }
  }

  private mutating func writeComment(_ comment: String, margin: String) {
    for line in comment.split(separator: "\n", omittingEmptySubsequences: false) {
      let safe = line.unicodeScalars.map { SafeText.escape($0) ?? String($0) }.joined()
      text += safe.isEmpty ? "\(margin)#\n" : "\(margin)# \(safe)\n"
    }
  }

  /// What follows a `-` or a `key:`, up to and including the line feed.
  private mutating func writeValue(_ draft: YAMLDraft, indentation: Int, mayContinueLine: Bool) {
    switch draft {
    case .value(let node):
      if let scalar = node.scalar {
        text += " " + ScalarText.value(scalar, indentation: indentation) + "\n"
      } else if let line = ScalarText.oneLine(node), indentation + line.count <= Self.longestLine {
        text += " " + line + "\n"
      } else {
        writeValue(node.draft, indentation: indentation, mayContinueLine: mayContinueLine)
      }
    case .mapping(let parts) where !parts.contains(where: \.isEntry):
      text += " {}\n"
      writeParts(parts, indentation: indentation, continuesLine: false)
    case .list(let parts) where !parts.contains(where: \.isEntry):
      text += " []\n"
      writeParts(parts, indentation: indentation, continuesLine: false)
    case .mapping(let parts), .list(let parts):
      let continues = mayContinueLine && parts.first?.isEntry == true
      text += continues ? " " : "\n"
      writeParts(parts, indentation: indentation, continuesLine: continues)
    }
  }
}

extension YAMLDraft.Part {
  fileprivate var isEntry: Bool {
    if case .comment = self { false } else { true }
  }
}

extension YAMLNode {
  /// A collection as parts, one level deep.
  fileprivate var draft: YAMLDraft {
    switch value {
    case .scalar: .value(self)
    case .sequence(let items): .list(items.map { .item(.value($0)) })
    case .mapping(let mapping): .mapping(mapping.entries.map { .entry($0.key, .value($0.value)) })
    }
  }
}

extension ScalarText {
  /// A value in YAML's flow style; `nil`: some text in it has several lines.
  fileprivate static func oneLine(_ node: YAMLNode) -> String? {
    switch node.value {
    case .scalar(let scalar):
      return scalar.text.contains("\n") ? nil : flow(scalar)
    case .sequence(let items):
      let texts = items.compactMap(oneLine)
      return texts.count == items.count ? "[" + texts.joined(separator: ", ") + "]" : nil
    case .mapping(let mapping):
      let texts = mapping.entries.compactMap { entry in oneLine(entry.value).map { "\(flowKey(entry.key)): \($0)" } }
      return texts.count == mapping.entries.count ? "{" + texts.joined(separator: ", ") + "}" : nil
    }
  }
}
