import YAMLSource

/// What the control node must know besides the repository: what a repository may not hold.
package struct AdoptedControlNode: Sendable {
  /// The private key that was named for the log-in; `nil`: the defaults did.
  package let identity: String?
  /// Names of secrets, and the files that hold them.
  package let secrets: [(name: String, path: String)]

  package init(identity: String?, secrets: [(name: String, path: String)]) {
    self.identity = identity
    self.secrets = secrets
  }

  /// Nothing that the defaults do not say.
  package var isEmpty: Bool { identity == nil && secrets.isEmpty }

  /// A configuration for a control node that has none.
  ///
  /// - Parameter checkout: the repository's absolute path.
  package func document(checkout: String) -> InventoryFile {
    let draft = YAMLDraft.mapping([
      .comment("The control node's own configuration: what the state repository may not hold."),
      .entry("apiVersion", .string(DocumentSchema.apiVersion)),
      .entry("kind", .string("ControlNode")),
      .entry("metadata", .mapping([.entry("name", .string("control"))])),
      .entry("spec", .mapping([.entry("checkout", .mapping([.entry("path", .string(checkout))]))] + parts)),
    ])
    return InventoryFile(name: "fleetd.yaml", bytes: Array(draft.text.utf8))
  }

  /// What must stand under `spec` of a configuration that exists.
  package var additions: String { YAMLDraft.mapping(parts).text }

  private var parts: [YAMLDraft.Part] {
    var parts: [YAMLDraft.Part] = []
    if let identity {
      let file = AdoptedValue.mapping([("file", AdoptedValue.string(identity))])
      parts.append(.entry("ssh", .mapping([.entry("identities", .list([.item(.value(file))]))])))
    }
    if !secrets.isEmpty {
      let entries = secrets.map { secret -> YAMLDraft.Part in
        .entry(secret.name, .value(AdoptedValue.mapping([("file", AdoptedValue.string(secret.path))])))
      }
      parts.append(.entry("secrets", .mapping(entries)))
    }
    return parts
  }
}
