/// A k3s that somebody else set up, usually install.sh: everything that its unit and its environment tell it.
///
/// Secrets in it are hidden: see `K3sHidden`.
package struct K3sForeignUnit: Sendable {
  /// A file that the node sent, by its path.
  package struct File: Sendable, Hashable {
    package let path: String
    package let text: String

    package init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  package struct Variable: Sendable, Hashable {
    package let name: String
    package let value: String
    /// The file that sets it.
    package let path: String
  }

  /// With its suffix: k3s.service, k3s-agent.service, or what INSTALL_K3S_NAME made of it.
  package let unit: String
  /// "/usr/local/bin/k3s server", without the flags.
  package let command: String
  /// What the flags say.
  package let arguments: K3sConfiguration
  /// Variables that are no keys of k3s and that only this unit or its .env file sets: a proxy, say.
  package let environment: [Variable]
  /// Directives of the unit that neither fleetd's nor install.sh's has.
  package let unfamiliar: [String]
  /// Drop-ins of the unit that replace its ExecStart, which they would do to fleetd's too.
  package let overrides: [String]
  /// Files that could not be sent without a secret, were too large, or are no YAML.
  package let unreadable: [String]
  /// Variables that k3s takes for keys, as they are weaker than config.yaml.
  private let inherited: K3sConfiguration
  private let dropIns: [(path: String, configuration: K3sConfiguration)]
  /// The digest of the token in a file, by path.
  private let tokenDigests: [String: String]

  /// - Parameters:
  ///   - files: the unit, its drop-ins, its environment files and the drop-ins of config.yaml, in the order in which
  ///     they are read. Without the unit itself there is nothing.
  ///   - withheld: files that the node did not send.
  package init?(unit: String, files: [File], withheld: [String], tokenDigests: [String: String]) {
    let path = "/etc/systemd/system/\(unit)"
    guard files.contains(where: { $0.path == path }) || withheld.contains(path) else { return nil }
    self.unit = unit
    self.tokenDigests = tokenDigests
    var own = K3sUnitText()
    var whole = K3sUnitText()
    var overrides: [String] = []
    var variables: [Variable] = []
    var dropIns: [(path: String, configuration: K3sConfiguration)] = []
    var unreadable = withheld
    for file in files {
      if file.path == path {
        own.read(file.text)
        whole.read(file.text)
      } else if file.path.hasPrefix(path + ".d/") {
        let before = whole.command
        whole.read(file.text)
        if whole.command != before { overrides.append(file.path) }
      } else if file.path.hasPrefix(K3sPaths.config + ".d/") {
        if let configuration = K3sConfiguration(parsing: file.text) {
          dropIns.append((file.path, configuration))
        } else {
          unreadable.append(file.path)
        }
      } else if file.path != K3sPaths.registries {
        variables += K3sEnvironment.variables(in: file.text).map {
          Variable(name: $0.name, value: $0.value, path: file.path)
        }
      }
    }
    let words = whole.command
    let flagsBegin = words.firstIndex { $0.hasPrefix("-") } ?? words.endIndex
    command = words[..<flagsBegin].joined(separator: " ")
    arguments = K3sConfiguration(K3sArguments.pairs(words[flagsBegin...]))
    unfamiliar = own.unfamiliar
    self.overrides = overrides
    self.unreadable = unreadable
    self.dropIns = dropIns
    variables = whole.environment.map { Variable(name: $0.name, value: $0.value, path: path) } + variables
    // The last one of a name counts.
    var last: [String: Variable] = [:]
    for variable in variables { last[variable.name] = variable }
    let effective = last.values.sorted { $0.name < $1.name }
    inherited = K3sConfiguration(
      effective.compactMap { variable in K3sEnvironment.keys[variable.name].map { ($0, variable.value) } }
    )
    // What /etc/default and /etc/sysconfig say stays in force: fleetd's unit reads them too.
    let replaced = [path + ".env"] + (own.environment.isEmpty ? [] : [path])
    environment = effective.filter { K3sEnvironment.keys[$0.name] == nil && replaced.contains($0.path) }
  }

  /// The role that it runs as; `nil`: it starts something else than /usr/local/bin/k3s.
  package var role: Role? {
    Role.allCases.first { command == "\(K3sPaths.binary) \($0.rawValue)" }
  }

  /// All that k3s is told: the environment, config.yaml, its drop-ins, then the arguments; each key by the last of them.
  ///
  /// - Parameters:
  ///   - file: config.yaml.
  ///   - declared: drop-ins that the inventory declares itself, as files: they stay.
  package func effective(over file: K3sConfiguration, declared: Set<String> = []) -> K3sConfiguration {
    let files = [file] + dropIns.filter { !declared.contains($0.path) }.map(\.configuration)
    return inherited.overlaid(with: K3sConfigFiles.merged(files)).overlaid(with: arguments)
  }

  /// The digest of the token that `effective` names; without one, a server's own. `nil`: there is none, or two differ.
  package func tokenDigest(in effective: K3sConfiguration) -> String? {
    var digests: Set<String> = []
    if let token = effective.text(of: "token") { digests.insert(K3sHidden.digest(in: token) ?? "") }
    if let path = effective.text(of: "token-file") { digests.insert(tokenDigests[path] ?? "") }
    if digests.isEmpty, let own = tokenDigests[K3sPaths.serverToken] { digests.insert(own) }
    guard digests.count == 1, let digest = digests.first, !digest.isEmpty else { return nil }
    return digest
  }
}
