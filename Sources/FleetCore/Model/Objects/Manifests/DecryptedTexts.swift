import YAMLSource

/// The texts of decrypted files that must not be shown, wherever they come out again.
enum DecryptedTexts {
  /// Shorter ones stand in too many words.
  private static let shortest = 4

  /// Values of YAML, without what names an object; of other files what stands behind `=`, and whole lines.
  static func values(in files: [ManifestFile]) -> Set<String> {
    var values: [String] = []
    for file in files where file.state == .decrypted {
      if file.isManifest,
        let documents = try? YAMLParser.documents(in: file.bytes, named: file.name, limits: ManifestDocuments.limits),
        documents.contains(where: { $0.mapping != nil })
      {
        for document in documents { collect(document, isTop: true, into: &values) }
      } else {
        for line in String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
          values.append(String(line))
          if let mark = line.firstIndex(of: "=") { values.append(String(line[line.index(after: mark)...])) }
        }
      }
    }
    return Set(values.map { $0.trimmingWhitespace() }.filter { $0.utf8.count >= shortest })
  }

  private static func collect(_ node: YAMLNode, isTop: Bool, into values: inout [String]) {
    switch node.value {
    case .scalar(let scalar):
      guard case .string = scalar.resolved else { return }
      values += [scalar.text] + scalar.text.split(whereSeparator: \.isNewline).map(String.init)
    case .sequence(let items): for item in items { collect(item, isTop: false, into: &values) }
    case .mapping(let mapping):
      for entry in mapping.entries where !isTop || !["apiVersion", "kind", "metadata"].contains(entry.key) {
        collect(entry.value, isTop: false, into: &values)
      }
    }
  }
}
