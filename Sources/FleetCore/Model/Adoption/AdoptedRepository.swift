import YAMLSource

/// The state repository that says what is there: written for a person, and such that a check of it finds nothing to do.
package struct AdoptedRepository: Sendable {
  /// Relative to the repository, sorted.
  package let files: [InventoryFile]
  /// In the order of the hosts.
  package let nodeNames: [String]
  /// What is there and could not be taken over, for whoever runs `init`.
  package let omissions: [String]

  /// Secrets that the inventory names and the nodes have.
  package let secrets: [NamedSecret]

  /// A secret that is read once, from the host at a position, and kept on the control node.
  package struct NamedSecret: Sendable, Hashable {
    package let name: String
    /// For `K3sTokenReader`.
    package let digest: String
    package let host: Int
  }

  /// Pure. Throws why no repository can be written for these hosts.
  ///
  /// - Parameter source: where k3s' releases are to come from, if there is a cluster.
  package init(
    hosts: [AdoptedHost],
    fleet name: String,
    source: K3sSource = .published
  ) throws(AdoptionRefusal) {
    let messages = Self.problems(with: hosts)
    guard messages.isEmpty else { throw AdoptionRefusal(messages: messages) }
    let names = AdoptedHost.names(of: hosts)
    let cluster = AdoptedCluster(hosts, names: names, source: source)
    let settings = AdoptedSetting.shared(hosts.map(\.observation.settings))
    let remarks = Shared(hosts.map(\.observation.remarks))
    let packages = Shared(hosts.map(\.observation.manualPackages))
    let login = Login(hosts)

    var files = StateRepositoryTemplate.surroundings
    files.append(Self.file("inventory/fleet.yaml", Self.fleet(name, login, cluster)))
    files.append(
      Self.file("inventory/profiles/base.yaml", Self.base(settings.common, remarks.common, packages.common))
    )
    for (index, host) in hosts.enumerated() {
      let node = AdoptedNodeDocument(
        name: names[index],
        host: host,
        login: login,
        settings: host.observation.hostName(besides: names[index]) + settings.own[index],
        cluster: cluster.members[index],
        omissions: cluster.reasons[index],
        remarks: remarks.own[index],
        manualPackages: packages.own[index]
      )
      files.append(Self.file("inventory/nodes/\(names[index]).yaml", node.draft))
    }
    self.files = files.sorted { $0.name < $1.name }
    nodeNames = names
    omissions = zip(names, cluster.reasons).flatMap { name, reasons in reasons.map { "\(name): k3s: \($0)" } }
    secrets = cluster.secrets.map { NamedSecret(name: $0.name, digest: $0.digest, host: $0.host) }
  }

  private static func problems(with hosts: [AdoptedHost]) -> [String] {
    var problems = hosts.compactMap { host in host.hindrance.map { "\(host.target): \($0)" } }
    for (index, host) in hosts.enumerated() {
      guard let twin = hosts[..<index].first(where: { $0.machine == host.machine }) else { continue }
      problems.append("\(host.target): it is the same machine as \(twin.target): name it once")
    }
    return problems
  }

  private static func fleet(_ name: String, _ login: Login, _ cluster: AdoptedCluster) -> YAMLDraft {
    .mapping([
      .comment("The fleet: what all nodes share. Written by fleetd init from what ran; yours to edit."),
      .entry("apiVersion", .string(DocumentSchema.apiVersion)),
      .entry("kind", .string("Fleet")),
      .entry("metadata", .mapping([.entry("name", .string(name))])),
      .entry(
        "spec",
        .mapping(
          [
            .comment("Profiles of every node."),
            .entry("profiles", .strings(["base"])),
            .comment("The account that fleetd logs in as. It needs sudo."),
            .entry("ssh", .mapping(login.parts)),
          ] + (cluster.fleet.isEmpty ? [] : [.entry("k3s", .mapping(cluster.fleet))]))
      ),
    ])
  }

  private static func base(
    _ settings: [AdoptedSetting],
    _ remarks: [String],
    _ manualPackages: [String]
  ) -> YAMLDraft {
    .mapping([
      .comment(
        "What every node has alike. Deleting an entry ends its management and leaves the thing on the node;\n"
          + "\"absent\" removes it."
      ),
      .entry("apiVersion", .string(DocumentSchema.apiVersion)),
      .entry("kind", .string("Profile")),
      .entry("metadata", .mapping([.entry("name", .string("base"))])),
      .entry(
        "spec",
        .mapping(AdoptedSetting.parts(settings) + AdoptedRemarks.parts(remarks, manualPackages, of: "every node"))
      ),
    ])
  }

  private static func file(_ name: String, _ draft: YAMLDraft) -> InventoryFile {
    InventoryFile(name: name, bytes: Array(draft.text.utf8))
  }

  /// The account and the port of most hosts; a node says what differs.
  struct Login: Sendable {
    let user: String
    let port: Int

    init(_ hosts: [AdoptedHost]) {
      user = Self.most(hosts.map(\.target.user)) ?? "fleet"
      port = Self.most(hosts.map(\.target.port)) ?? 22
    }

    var parts: [YAMLDraft.Part] { Self.parts(user: user, port: port == 22 ? nil : port) }

    /// What a node must say besides; `nil`: nothing.
    func difference(to target: AdoptionTarget) -> [YAMLDraft.Part]? {
      let user = target.user == user ? nil : target.user
      let port = target.port == port ? nil : target.port
      return user == nil && port == nil ? nil : Self.parts(user: user, port: port)
    }

    private static func parts(user: String?, port: Int?) -> [YAMLDraft.Part] {
      (user.map { [.entry("user", .string($0))] } ?? []) + (port.map { [.entry("port", .int($0))] } ?? [])
    }

    /// Of several that are as frequent, the first.
    private static func most<Value: Hashable>(_ values: [Value]) -> Value? {
      let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
      let highest = counts.values.max()
      return values.first { counts[$0] == highest }
    }
  }

  /// Lines that all nodes have, and those that only some have.
  private struct Shared {
    let common: [String]
    let own: [[String]]

    init(_ nodes: [[String]]) {
      let common = (nodes.first ?? []).filter { line in nodes.allSatisfy { $0.contains(line) } }
      self.common = common
      own = nodes.map { node in node.filter { !common.contains($0) } }
    }
  }
}
