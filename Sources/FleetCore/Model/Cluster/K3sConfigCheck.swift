package import YAMLSource

/// Finds what k3s would not understand, or would understand differently, in the inventory's `k3s.config`.
package enum K3sConfigCheck {
  /// Reports about `config`, which is a mapping or anything else that somebody wrote there.
  package static func check(_ config: YAMLNode?, for role: Role, _ diagnostics: inout Diagnostics) {
    guard let config, !config.isNull else { return }
    guard let mapping = config.mapping else {
      return diagnostics.report(
        at: config.mark,
        "k3s.config: expected a mapping of k3s' own keys, found \(config.kindDescription)"
      )
    }
    for entry in mapping.entries {
      if let hint = K3sConfigKeys.replaced[entry.key] {
        diagnostics.report(at: entry.keyNode.mark, "k3s.config: \"\(entry.key)\" is written elsewhere", hint: hint)
      } else if let shape = K3sConfigKeys.known(to: role)[entry.key] {
        check(entry, shape, &diagnostics)
      } else {
        reportUnknown(entry, role, &diagnostics)
      }
    }
  }

  private static func reportUnknown(_ entry: YAMLMapping.Entry, _ role: Role, _ diagnostics: inout Diagnostics) {
    if role == .agent, K3sConfigKeys.known(to: .server)[entry.key] != nil {
      diagnostics.report(
        at: entry.keyNode.mark,
        "k3s.config: \"\(entry.key)\" is a key of k3s server, and an agent would skip it",
        hint: "write it under spec.k3s.config.server of the Fleet, or in the server's Node"
      )
      return
    }
    let known = Array(K3sConfigKeys.known(to: role).keys)
    diagnostics.report(
      at: entry.keyNode.mark,
      "k3s.config: k3s \(role.rawValue) has no key \"\(entry.key)\"",
      hint: Suggestion.hint(for: entry.key, among: known)
    )
  }

  private static func check(
    _ entry: YAMLMapping.Entry,
    _ shape: K3sConfigKeys.Shape,
    _ diagnostics: inout Diagnostics
  ) {
    let values = entry.value.sequence ?? [entry.value]
    if values.contains(where: { $0.mapping?["secret"] != nil }) {
      return diagnostics.report(
        at: entry.value.mark,
        "k3s.config.\(entry.key): a secret cannot stand in config.yaml",
        hint: "put {secret: NAME} into a file of its own under files, and use k3s' key for that file"
      )
    }
    guard matches(entry.value, shape) else {
      return diagnostics.report(
        at: entry.value.mark,
        "k3s.config.\(entry.key): expected \(shape.expectation), found \(entry.value.kindDescription)"
      )
    }
    for value in values where value.scalar.map({ K3sSecrets.looksSecret($0.text) }) == true {
      diagnostics.report(
        at: value.mark,
        "k3s.config.\(entry.key): this looks like a token or a password",
        hint: "a repository names secrets and never holds them: put {secret: NAME} into a file of its own"
      )
    }
  }

  private static func matches(_ node: YAMLNode, _ shape: K3sConfigKeys.Shape) -> Bool {
    switch shape {
    case .flag: node.bool != nil
    case .text: isValue(node)
    case .number: node.int != nil
    case .mode: node.string.map(isOctal) ?? false
    case .list: isValue(node) || node.sequence?.allSatisfy(isValue) ?? false
    }
  }

  private static func isOctal(_ text: String) -> Bool {
    (3...4).contains(text.count) && text.allSatisfy { ("0"..."7").contains($0) }
  }

  /// A scalar that k3s can take as an argument: no null, and on one line.
  private static func isValue(_ node: YAMLNode) -> Bool {
    guard let scalar = node.scalar, !node.isNull else { return false }
    return TextRule.anything.problem(with: scalar.text) == nil
  }
}
