package import YAMLSource

/// The environment of k3s' unit: `NAME=value` lines, as systemd.exec(5) reads an EnvironmentFile.
package enum K3sEnvironment {
  /// Variables that k3s takes for a key of config.yaml. config.yaml beats them.
  package static let keys = [
    "K3S_TOKEN": "token", "K3S_TOKEN_FILE": "token-file", "K3S_URL": "server", "K3S_NODE_NAME": "node-name",
    "K3S_DATA_DIR": "data-dir", "K3S_CLUSTER_INIT": "cluster-init", "K3S_CLUSTER_SECRET": "cluster-secret",
    "K3S_AGENT_TOKEN": "agent-token", "K3S_AGENT_TOKEN_FILE": "agent-token-file",
    "K3S_DATASTORE_ENDPOINT": "datastore-endpoint", "K3S_DATASTORE_CAFILE": "datastore-cafile",
    "K3S_DATASTORE_CERTFILE": "datastore-certfile", "K3S_DATASTORE_KEYFILE": "datastore-keyfile",
    "K3S_KUBECONFIG_MODE": "write-kubeconfig-mode", "K3S_KUBECONFIG_OUTPUT": "write-kubeconfig",
    "K3S_KUBECONFIG_GROUP": "write-kubeconfig-group", "K3S_RESOLV_CONF": "resolv-conf", "K3S_SELINUX": "selinux",
    "K3S_CONFIG_FILE": "config", "K3S_VPN_AUTH": "vpn-auth", "K3S_VPN_AUTH_FILE": "vpn-auth-file",
    "K3S_LB_SERVER_PORT": "lb-server-port", "K3S_DEBUG": "debug",
  ]

  /// What `k3s.environment` may look like.
  package static let schema = Schema.map(
    keys: TextRule.environmentVariable,
    values: .either([.text(.anything), .secret])
  )

  /// Reports variables that are k3s' settings: they belong into config.yaml, where fleetd keeps them.
  package static func check(_ environment: YAMLNode?, _ diagnostics: inout Diagnostics) {
    for entry in environment?.mapping?.entries ?? [] {
      if let literal = entry.value.scalar?.text,
        K3sSecrets.isSecret(key: entry.key) || K3sSecrets.looksSecret(literal)
      {
        diagnostics.report(
          at: entry.value.mark,
          "k3s.environment: the value of \(entry.key) looks like a secret",
          hint: "a repository names secrets and never holds them: write {secret: NAME}"
        )
      }
      guard let key = keys[entry.key] else { continue }
      diagnostics.report(
        at: entry.keyNode.mark,
        "k3s.environment: \(entry.key) is k3s' own key \(key)",
        hint: K3sConfigKeys.replaced[key] ?? "write \(key) under k3s.config"
      )
    }
  }

  /// The file's lines. A value is quoted; a secret stands as it is, which `problem` has looked at.
  package static func pieces(of environment: YAMLNode?) -> [Content.Piece] {
    (environment?.mapping?.entries ?? []).sorted { $0.key < $1.key }.flatMap { entry -> [Content.Piece] in
      if let name = entry.value.mapping?["secret"]?.string {
        return [.text("\(entry.key)="), .secret(SecretReference(name)), .text("\n")]
      }
      return [.text("\(entry.key)=\(quoted(entry.value.scalar?.text ?? ""))\n")]
    }
  }

  /// Why a secret cannot stand in the file; `nil`: it can. systemd reads an unquoted value to the end of its line, takes
  /// a backslash for an escape and a quote at the beginning for one.
  ///
  /// - Returns: `nil` too when the vault does not have it, which the file that needs it tells.
  package static func problem(with secret: SecretReference, in vault: SecretVault) -> String? {
    guard let bytes = Content(secret: secret).bytes(with: vault) else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else { return "is no text" }
    let value = text.trimmingWhitespace()
    if value.contains(where: { $0.isNewline }) { return "has several lines" }
    if value.contains("\\") { return "holds a backslash" }
    return value.first.map { "'\"#;".contains($0) } == true ? "begins with a quote or a comment sign" : nil
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains("'") else { return "'\(text)'" }
    return "\"" + text.map { "\"\\$`".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "\""
  }

  /// The variables of a file; comments and everything else are left out. The last of one name counts.
  package static func variables(in text: String) -> [(name: String, value: String)] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let halves = line.trimmingWhitespace().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = halves[0].trimmingWhitespace()
      guard halves.count == 2, TextRule.environmentVariable.problem(with: name) == nil else { return nil }
      return (name, unquoted(halves[1].trimmingWhitespace()))
    }
  }

  private static func unquoted(_ text: String) -> String {
    let quote = text.first.flatMap { "'\"".contains($0) && text.count >= 2 && text.last == $0 ? $0 : nil }
    if quote == "'" { return String(text.dropFirst().dropLast()) }
    var value = ""
    var rest = quote == nil ? text[...] : text.dropFirst().dropLast()
    while let character = rest.popFirst() {
      guard character == "\\", let escaped = rest.popFirst() else {
        value.append(character)
        continue
      }
      // Between double quotes a backslash is one, unless it stands before what needs it.
      if quote != nil, !"\"\\`$".contains(escaped) { value.append(character) }
      value.append(escaped)
    }
    return value
  }
}

extension TextRule {
  package static let environmentVariable = word(
    "the name of an environment variable",
    first: .init("_"),
    rest: .init("_"),
    length: 128
  )
}
