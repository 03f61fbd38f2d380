import YAMLSource

/// One YAML file of the state repository, as it was read.
package struct InventoryFile: Sendable {
  /// Relative to the repository: what messages call it.
  package let name: String
  package let bytes: [UInt8]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// One document that said what it is.
struct InventoryDocument {
  let kind: String
  let name: String
  let labels: [String: String]
  /// An empty mapping where the document has none.
  let spec: YAMLNode
  let mark: YAMLMark
  let nameMark: YAMLMark
}

extension InventoryDocument {
  /// Reads every document of every file; what is wrong is reported and left out.
  static func read(_ files: [InventoryFile], _ diagnostics: inout Diagnostics) -> [InventoryDocument] {
    var documents: [InventoryDocument] = []
    for file in files.sorted(by: { $0.name < $1.name }) {
      do {
        for node in try YAMLParser.documents(in: file.bytes, named: file.name) where !node.isNull {
          if let document = InventoryDocument(node, &diagnostics) { documents.append(document) }
        }
      } catch {
        diagnostics.report(at: error.mark, error.problem)
      }
    }
    return documents
  }

  private init?(_ node: YAMLNode, _ diagnostics: inout Diagnostics) {
    guard let mapping = node.mapping else {
      diagnostics.report(
        at: node.mark,
        "expected a document with apiVersion, kind, metadata and spec, found \(node.kindDescription)"
      )
      return nil
    }
    guard let kind = mapping["kind"]?.string, DocumentSchema.kinds.contains(kind) else {
      let found = mapping["kind"]?.scalar?.text
      diagnostics.report(
        at: mapping["kind"]?.mark ?? node.mark,
        found.map { "unknown kind \"\(TerminalText.escape(String($0.prefix(80))))\"" } ?? "\"kind\" is missing",
        hint: Suggestion.hint(for: found ?? "", among: DocumentSchema.kinds)
      )
      return nil
    }
    let spec = kind == "Fleet" ? DocumentSchema.fleet : kind == "Node" ? DocumentSchema.node : DocumentSchema.profile
    DocumentSchema.document(kind: kind, spec: spec, labels: kind == "Node").validate(node, at: kind, into: &diagnostics)
    guard let name = mapping["metadata"]?.mapping?["name"], let text = name.string else { return nil }
    var labels: [String: String] = [:]
    for entry in mapping["metadata"]?.mapping?["labels"]?.mapping?.entries ?? [] {
      labels[entry.key] = entry.value.string
    }
    self.init(
      kind: kind,
      name: text,
      labels: labels,
      spec: mapping["spec"] ?? YAMLNode(.mapping(YAMLMapping(entries: [])), mark: node.mark),
      mark: node.mark,
      nameMark: name.mark
    )
  }
}
