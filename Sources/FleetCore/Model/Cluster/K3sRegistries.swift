package import YAMLSource

/// registries.yaml: mirrors of container registries, and how to log in.
package enum K3sRegistries {
  /// What `spec.k3s.registries` of the Fleet may look like: k3s' own form, where passwords are named and not written.
  package static let schema = Schema.object([
    Field(
      "mirrors",
      .map(
        keys: .notEmpty,
        values: .object([
          Field("endpoint", .list(of: .text(.notEmpty), merge: .atomic), "The mirror's URLs, tried in order."),
          Field(
            "rewrite", .map(keys: .notEmpty, values: .text(.anything)),
            "Image names by regular expression, and what the mirror calls them."),
        ])
      ),
      "Mirrors by registry host; \"*\" stands for all."
    ),
    Field(
      "configs",
      .map(
        keys: .notEmpty,
        values: .object([
          Field(
            "auth",
            .object([
              Field("username", .text(.notEmpty), "The account's name."),
              Field("password", .secret, "The account's password."),
              Field("auth", .secret, "Account and password as NAME:PASSWORD in base64, instead of the two."),
              Field("identity_token", .secret, "A token of the registry, instead of account and password."),
            ]),
            "How to log in to the registry."
          ),
          Field(
            "tls",
            .object([
              Field("ca_file", .text(.absolutePath), "The registry's certificate authority."),
              Field("cert_file", .text(.absolutePath), "The node's own certificate, where the registry asks for one."),
              Field("key_file", .text(.absolutePath), "The private key of that certificate."),
              Field("insecure_skip_verify", .boolean, "Whether any certificate is accepted."),
            ]),
            "How to verify the registry's certificate."
          ),
        ])
      ),
      "Access by registry host and port."
    ),
  ])

  /// The file, with each `{secret: NAME}` as a piece of its own.
  package static func content(of registries: YAMLNode) -> Content {
    let text = K3sYAML.file(marked(registries))
    var pieces: [Content.Piece] = []
    var pending = ""
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      guard let mark = line.firstRange(of: opening), line.hasSuffix(closing) else {
        pending += line + "\n"
        continue
      }
      // A literal block takes the secret's bytes as they are and drops a line break at their end ("-"); its lines stand
      // two deeper than the key ("2"), whatever they begin with.
      let margin = line.prefix { $0 == " " }.count + 2
      pieces.append(.text(pending + line[..<mark.lowerBound] + "|2-\n" + String(repeating: " ", count: margin)))
      pieces.append(.secret(SecretReference(String(line[mark.upperBound...].dropLast(closing.count)))))
      pending = "\n"
    }
    return Content(pieces + [.text(pending)])
  }

  package enum Comparison: Sendable {
    case same
    case differs
    /// The node has what the inventory does not mention at all.
    case unexpressed(YAMLNode)
  }

  /// - Parameters:
  ///   - present: registries.yaml of a node, its secrets hidden; `nil`: there is none, or it is as wanted to the byte.
  ///   - wanted: as the inventory has it; `nil`: it is not managed.
  package static func comparison(
    from present: YAMLNode?,
    to wanted: YAMLNode?,
    with vault: SecretVault
  ) -> Comparison {
    let file = present.flatMap { $0.mapping?.entries.isEmpty == false ? $0 : nil }
    guard let wanted else { return file.map { .unexpressed($0) } ?? .same }
    guard let file else { return .differs }
    return isSame(file, wanted, vault) ? .same : .differs
  }

  private static func isSame(_ present: YAMLNode, _ wanted: YAMLNode, _ vault: SecretVault) -> Bool {
    switch (present.value, wanted.value) {
    case (.scalar(let before), .mapping(let reference)):
      // A secret that is missing is told by the file that needs it.
      guard let name = reference["secret"]?.string, let digest = K3sToken.digest(of: SecretReference(name), in: vault)
      else { return false }
      return (K3sHidden.digest(in: before.text) ?? K3sHidden.digest(of: before.text)) == digest
    case (.scalar(let before), .scalar(let after)):
      return K3sHidden.isSame(before.text, as: after.text)
    case (.sequence(let before), .sequence(let after)):
      return before.count == after.count && zip(before, after).allSatisfy { isSame($0, $1, vault) }
    case (.mapping(let before), .mapping(let after)):
      return before.entries.count == after.entries.count
        && before.entries.allSatisfy { entry in after[entry.key].map { isSame(entry.value, $0, vault) } ?? false }
    default:
      return false
    }
  }

  /// A node's registries.yaml as the inventory writes it: each hidden secret named, and the digests by those names.
  package static func named(_ node: YAMLNode) -> (node: YAMLNode, digests: [String: String]) {
    var digests: [String: String] = [:]
    let named = named(node, under: ["registry"], &digests)
    return (named, digests)
  }

  private static func named(_ node: YAMLNode, under path: [String], _ digests: inout [String: String]) -> YAMLNode {
    switch node.value {
    case .scalar(let scalar):
      guard let digest = K3sHidden.digest(in: scalar.text) else { return node }
      let words = path.filter { !["configs", "auth", "password"].contains($0) }
      let name = K3sHidden.secretName(words.joined(separator: "-"))
      digests[name] = digest
      return YAMLNode(
        .mapping(YAMLMapping(entries: [.init(key: "secret", keyNode: node, value: K3sConfiguration.scalar(name))])),
        mark: node.mark
      )
    case .sequence(let items):
      return YAMLNode(.sequence(items.map { named($0, under: path, &digests) }), mark: node.mark)
    case .mapping(let mapping):
      let entries = mapping.entries.map { entry in
        YAMLMapping.Entry(
          key: entry.key,
          keyNode: entry.keyNode,
          value: named(entry.value, under: path + [entry.key], &digests)
        )
      }
      return YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: node.mark)
    }
  }

  private static let opening = "FLEETD_SECRET("
  private static let closing = ")"

  /// Names of secrets hold letters, digits and `-_.`, so that the mark stays one plain word.
  private static func marked(_ node: YAMLNode) -> YAMLNode {
    switch node.value {
    case .scalar:
      return node
    case .sequence(let items):
      return YAMLNode(.sequence(items.map(marked)), mark: node.mark)
    case .mapping(let mapping):
      if mapping.entries.count == 1, let name = mapping["secret"]?.string {
        return YAMLNode(.scalar(.string(opening + name + closing)), mark: node.mark)
      }
      let entries = mapping.entries.map { entry in
        YAMLMapping.Entry(key: entry.key, keyNode: entry.keyNode, value: marked(entry.value))
      }
      return YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: node.mark)
    }
  }
}
