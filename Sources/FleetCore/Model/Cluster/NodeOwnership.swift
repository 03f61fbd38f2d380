import FoundationEssentials

/// Which labels and taints of a Node object fleetd set: only those it takes away when they are declared no more.
///
/// It stands in an annotation of that object, which one request writes together with what it is about.
package struct NodeOwnership: Sendable, Hashable {
  package static let annotation = "fleetd/managed"
  /// The serial number of the node's board, where the inventory pins none.
  package static let boardAnnotation = "fleetd/board"

  /// Keys.
  package let labels: Set<String>
  /// `KubernetesNode.Taint.identity`.
  package let taints: Set<String>

  package init(labels: Set<String> = [], taints: Set<String> = []) {
    self.labels = labels
    self.taints = taints
  }

  private struct Document: Codable {
    let labels: [String]?
    let taints: [String]?
  }

  /// What a Node object says; what cannot be read owns nothing.
  package init(of node: KubernetesNode) {
    let text = node.annotations[Self.annotation] ?? ""
    let document = try? JSONDecoder().decode(Document.self, from: Data(text.utf8))
    self.init(labels: Set(document?.labels ?? []), taints: Set(document?.taints ?? []))
  }

  /// The annotation's value; `nil`: it owns nothing, and there is none.
  package var text: String? {
    guard !labels.isEmpty || !taints.isEmpty else { return nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let document = Document(
      labels: labels.isEmpty ? nil : labels.sorted(), taints: taints.isEmpty ? nil : taints.sorted())
    return (try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) }
  }
}
