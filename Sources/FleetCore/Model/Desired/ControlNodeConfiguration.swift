import YAMLSource

/// The control node's own configuration: what is root's, not the repository's.
package struct ControlNodeConfiguration: Sendable {
  /// Where the state repository is; `nil`: `--repo`, or the current directory.
  package let checkout: String?
  /// Tried in order; empty: the defaults of this account.
  package let identities: [LoginIdentity]
  /// A known_hosts file of the fleet's own.
  package let knownHosts: String?
  /// For sudo on the nodes; `nil`: sudo must not ask.
  package let sudoPassword: SecretReference?
  package let secrets: [String: SecretSource]
  package let hooks: Hooks
  /// The file of the store; beside it is what else outlives a run. `nil`: this account's usual place.
  package var store: String?
  /// How encrypted files of cluster/ are read; `nil`: they are not.
  package var decryption: Decryption?
  /// What the daemon may do with the checkout, and which commits it takes.
  package var checkoutPolicy = CheckoutPolicy()
  /// What the daemon does; the inventory can take from it, not add to it.
  package var mode = Mode.observe
  /// Who is told what happens.
  package var notifications: [NotificationReceiver] = []
  /// How often the daemon looks at each node.
  package var interval: Duration = .seconds(300)
  /// What the identities may do on nodes.
  package var access = NodeAccess.full
  /// Where the daemon shows what it knows.
  package var http = HTTPSettings()

  package init(
    checkout: String?, identities: [LoginIdentity], knownHosts: String?, sudoPassword: SecretReference? = nil,
    secrets: [String: SecretSource], hooks: Hooks = .none
  ) {
    self.checkout = checkout
    self.identities = identities
    self.knownHosts = knownHosts
    self.sudoPassword = sudoPassword
    self.secrets = secrets
    self.hooks = hooks
  }

  package static let defaults = ControlNodeConfiguration(
    checkout: nil,
    identities: [],
    knownHosts: nil,
    secrets: [:]
  )
}

extension ControlNodeConfiguration {
  /// The secrets with which fleetd itself enters nodes.
  package var loginSecrets: [SecretReference] {
    identities.compactMap { identity in
      if case .file(_, let passphrase) = identity { passphrase } else { nil }
    } + [sudoPassword].compactMap { $0 }
  }
}

/// Where the bytes of a secret come from.
package enum SecretSource: Sendable, Hashable {
  /// A file that its owner alone can read.
  case file(String)
  case environment(String)
  /// A systemd credential: a file below $CREDENTIALS_DIRECTORY.
  case credential(String)
  /// What this argv prints, without the line break at its end.
  case command([String])
}

extension ControlNodeConfiguration {
  /// `nil` exactly when there are diagnostics.
  package static func decode(_ file: InventoryFile) -> (configuration: ControlNodeConfiguration?, Diagnostics) {
    var diagnostics = Diagnostics()
    var configuration: ControlNodeConfiguration?
    do {
      let documents = try YAMLParser.documents(in: file.bytes, named: file.name)
      for document in documents.dropFirst() {
        diagnostics.report(at: document.mark, "a second document; one ControlNode is expected")
      }
      if let document = documents.first {
        schema.validate(document, at: "ControlNode", into: &diagnostics)
        configuration = ControlNodeConfiguration(decoding: document, &diagnostics)
      } else {
        diagnostics.report(at: nil, "\(file.name) is empty", hint: "remove it, or write a ControlNode document")
      }
    } catch {
      diagnostics.report(at: error.mark, error.problem)
    }
    return (diagnostics.isEmpty ? configuration : nil, diagnostics)
  }

  private init(decoding document: YAMLNode, _ diagnostics: inout Diagnostics) {
    let spec = document.mapping?["spec"]?.mapping
    var secrets: [String: SecretSource] = [:]
    for entry in spec?["secrets"]?.mapping?.entries ?? [] {
      secrets[entry.key] = SecretSource(decoding: entry.value, name: entry.key, &diagnostics)
    }
    let identities = spec?["ssh"]?.mapping?["identities"]?.sequence ?? []
    self.init(
      checkout: spec?["checkout"]?.mapping?["path"]?.string,
      identities: identities.compactMap {
        LoginIdentity(decoding: $0, definedSecrets: secrets.keys, &diagnostics)
      },
      knownHosts: spec?["ssh"]?.mapping?["knownHosts"]?.string,
      sudoPassword: SecretReference(
        decoding: spec?["sudo"]?.mapping?["password"], definedIn: secrets.keys, &diagnostics),
      secrets: secrets,
      hooks: Hooks(decoding: spec?["hooks"], &diagnostics)
    )
    notifications = NotificationReceiver.decode(
      spec?["notifications"], definedSecrets: secrets.keys, &diagnostics)
    http = HTTPSettings(decoding: spec?["http"], definedIn: secrets.keys, &diagnostics)
    access = spec?["ssh"]?.mapping?["access"]?.string.flatMap(NodeAccess.init) ?? .full
    decryption = Decryption(decoding: spec?["decrypt"], &diagnostics)
    store = spec?["store"]?.mapping?["path"]?.string
    checkoutPolicy = CheckoutPolicy(decoding: spec?["checkout"], &diagnostics)
    mode = spec?["mode"]?.string.flatMap(Mode.init) ?? .observe
    guard let node = spec?["interval"], let given = node.string.flatMap(DurationText.parse) else { return }
    interval = given
    if given < .seconds(5) {
      diagnostics.report(
        at: node.mark, "ControlNode.spec.interval: \(DurationText.render(given)) is too often", hint: "5s at least")
    }
  }
}

extension SecretSource {
  fileprivate init?(decoding node: YAMLNode, name: String, _ diagnostics: inout Diagnostics) {
    let entries = node.mapping?.entries ?? []
    guard entries.count == 1, let entry = entries.first else {
      diagnostics.report(
        at: node.mark,
        "secrets.\(name): give one of file, env, credential or command, found \(entries.count)"
      )
      return nil
    }
    switch entry.key {
    case "file": self = .file(entry.value.string ?? "")
    case "env": self = .environment(entry.value.string ?? "")
    case "credential": self = .credential(entry.value.string ?? "")
    default:
      let arguments = entry.value.sequence?.compactMap(\.string) ?? []
      if arguments.isEmpty { diagnostics.report(at: entry.value.mark, "secrets.\(name): the command is empty") }
      self = .command(arguments)
    }
  }
}
