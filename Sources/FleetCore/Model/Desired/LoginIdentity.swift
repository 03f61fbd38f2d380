import YAMLSource

/// Something that fleetd logs in with, as the control node's configuration names it.
package enum LoginIdentity: Sendable, Hashable {
  /// A private key, with the secret that holds its passphrase if it is encrypted.
  case file(String, passphrase: SecretReference?)
  /// The keys of the ssh-agent that listens at a path; `nil`: the one of SSH_AUTH_SOCK.
  case agent(path: String?)
}

extension LoginIdentity {
  static let schema = Schema.object([
    Field("file", .text(.absolutePath), "A private key: Ed25519 or ECDSA."),
    Field(
      "passphrase", .secret, "Of an encrypted key; without it an agent that holds the key, or the terminal is asked."),
    Field(
      "agent", .either([.boolean, .text(.absolutePath)]),
      "All keys of an ssh-agent: its socket, or true for SSH_AUTH_SOCK."),
  ])

  /// `nil` exactly when something was reported.
  init?(decoding node: YAMLNode, definedSecrets: some Collection<String>, _ diagnostics: inout Diagnostics) {
    let entries = node.mapping
    let file = entries?["file"], agent = entries?["agent"], passphrase = entries?["passphrase"]
    switch (file, agent) {
    case (let file?, nil):
      let secret = SecretReference(decoding: passphrase, definedIn: definedSecrets, &diagnostics)
      self = .file(file.string ?? "", passphrase: secret)
    case (nil, let agent?) where agent.bool == false:
      diagnostics.report(at: agent.mark, "ssh.identities: agent is true or a path", hint: "leave the entry out instead")
      return nil
    case (nil, let agent?):
      if let passphrase {
        diagnostics.report(at: passphrase.mark, "ssh.identities: a passphrase belongs to a file; an agent has its own")
        return nil
      }
      self = .agent(path: agent.bool == true ? nil : agent.string)
    case (nil, nil), (.some, .some):
      diagnostics.report(
        at: node.mark, "ssh.identities: give one of file and agent, found \(file == nil ? "neither" : "both")")
      return nil
    }
  }
}

extension SecretReference {
  /// A secret that the same document defines; `nil`: none is named, or none of that name is defined, which is reported.
  init?(decoding node: YAMLNode?, definedIn names: some Collection<String>, _ diagnostics: inout Diagnostics) {
    guard let node, let name = node.mapping?["secret"]?.string else { return nil }
    guard names.contains(name) else {
      diagnostics.report(
        at: node.mark, "there is no secret \"\(name)\" under spec.secrets",
        hint: Suggestion.hint(for: name, among: Array(names))
          ?? "define it: secrets: {\(name): {file: /etc/fleetd/\(name)}}")
      return nil
    }
    self.init(name)
  }
}
