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
          Field("endpoint", .list(of: .text(.notEmpty), merge: .atomic), "URLs, tried in order."),
          Field("rewrite", .map(keys: .notEmpty, values: .text(.anything)), "Regular expressions for image names."),
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
              Field("auth", .secret, "Both, in base64."),
              Field("identity_token", .secret, "A token that stands for both."),
            ]),
            "How to log in."
          ),
          Field(
            "tls",
            .object([
              Field("ca_file", .text(.absolutePath), "The registry's certificate authority."),
              Field("cert_file", .text(.absolutePath), "The node's certificate."),
              Field("key_file", .text(.absolutePath), "The key to it."),
              Field("insecure_skip_verify", .boolean, "Whether any certificate is accepted."),
            ]),
            "How to trust it."
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
