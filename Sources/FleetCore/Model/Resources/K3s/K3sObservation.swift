package import YAMLSource

/// What the probe tells of k3s on a node.
///
/// What somebody else wrote there is kept redacted: nothing in this value is a secret.
package struct K3sObservation: Sendable {
  /// `/usr/local/bin/k3s`.
  package enum Binary: Sendable, Hashable {
    case absent
    case release(K3sVersion, sha256: String, identity: String)
    /// It runs and does not answer as k3s does, or does not run: what it said.
    case foreign(said: String, identity: String)

    /// Of k3s' own releases.
    package var version: K3sVersion? {
      switch self {
      case .release(let version, _, _): version
      case .absent, .foreign: nil
      }
    }

    /// What a step expects to replace: inode, size and modification time, or "absent".
    package var identity: String {
      switch self {
      case .absent: "absent"
      case .release(_, _, let identity), .foreign(_, let identity): identity
      }
    }
  }

  /// The data of a cluster that k3s has begun.
  package struct Data: Sendable, Hashable {
    /// The datastore of a server.
    package let datastore: K3sSettings.Datastore?
    /// Whether the node has joined a cluster.
    package let hasJoined: Bool

    package func isLiving(as role: Role) -> Bool {
      switch role {
      case .server: datastore != nil
      case .agent: hasJoined
      }
    }
  }

  package let binary: Binary
  package let service: UnitState
  /// systemd's word for how the unit ended last: success, exit-code, signal, timeout.
  package let result: String
  /// By path.
  package let files: [String: ObservedFile]
  /// config.yaml as it is; `nil` when there is none, when it is as wanted, or when it cannot be read.
  package let configuration: K3sConfiguration?
  /// registries.yaml as it is, its secrets hidden; `nil` as for `configuration`.
  package let registries: YAMLNode?
  /// Another's unit in fleetd's place.
  package let foreignUnit: K3sForeignUnit?
  /// The unit that was asked after: the role's own, or the one that is there instead of it.
  package let unit: String
  /// Further k3s units that start at boot.
  package let alsoEnabled: [String]
  package let data: Data
  /// The unit of the other role, when it is installed.
  package let otherUnit: String?
  /// Files of config.yaml.d.
  package let dropIns: [String]
  /// Files that the node did not send: too large, or with a secret in a form that could not be hidden.
  package let withheld: Set<String>
  /// Digests of the tokens in files, by path: see `K3sToken`.
  package let tokenDigests: [String: String]

  /// k3s' own certificates, those of its authorities left out.
  package let certificates: [K3sCertificate]
  /// Seconds since the unit became active; `nil`: it did not, or that is not known.
  package let runningFor: Int?

  /// Where a secret of k3s' may stand on this node: what `K3sTokenReader` searches.
  package let secretFiles: [String]

  /// The installed release.
  package var installedVersion: K3sVersion? { binary.version }

  init(_ section: ProbeSection) throws(ProbeError) {
    binary = try Self.binary(section)
    let asked = try section.required("asked")
    let unit = try section.required("unit")
    guard let service = try UnitState.parse(unit, asked: [asked])[asked] else { throw .missing(section: "k3s.unit") }
    self.service = service
    let results = unit.split(separator: "\n").filter { $0.hasPrefix("Result=") }
    result = results.first.map { String($0.dropFirst("Result=".count)) } ?? ""
    var times: [String: Int] = [:]
    for fields in section.table("certificate-times") where fields.count == 2 { times[fields[1]] = Int(fields[0]) }
    certificates = section.table("certificates").compactMap { K3sCertificate(fields: $0, times: times) }
    let since = unit.split(separator: "\n").first { $0.hasPrefix("ActiveEnterTimestampMonotonic=") }
      .flatMap { Int($0.drop { $0 != "=" }.dropFirst()) }
    runningFor = since.flatMap { since in
      since > 0 ? section.word("uptime").flatMap(Int.init).map { $0 - since / 1_000_000 } : nil
    }
    let words = (section.word("data") ?? "").split(separator: " ").map(String.init)
    data = Data(
      datastore: words.lazy.compactMap(K3sSettings.Datastore.init(rawValue:)).first,
      hasJoined: words.contains("agent")
    )
    otherUnit = section.word("other")
    dropIns = Self.texts(section, "drop-in")
    self.unit = asked
    alsoEnabled = Self.texts(section, "also").filter { $0 != asked }
    withheld = Set(Self.texts(section, "withheld"))
    var digests: [String: String] = [:]
    for text in Self.texts(section, "token-file") {
      let fields = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 2, Self.isDigest(fields[1]) else { throw .garbled("a token's digest") }
      digests[fields[0]] = fields[1]
    }
    tokenDigests = digests
    secretFiles = Set(
      digests.keys + [K3sPaths.config, K3sPaths.registries]
        + Self.texts(section, "text").map { Self.foreignFile($0).path }
    ).sorted()
    foreignUnit = K3sForeignUnit(
      unit: asked,
      files: Self.texts(section, "text").map(Self.foreignFile),
      withheld: withheld.filter { $0 != K3sPaths.config && $0 != K3sPaths.registries }.sorted(),
      tokenDigests: digests
    )
    var files = try ObservedFile.parse(section)
    configuration = files[K3sPaths.config]?.text.flatMap(K3sConfiguration.init(parsing:))
    let foreign = Self.texts(section, "text").map(Self.foreignFile)
    let registriesText = files[K3sPaths.registries]?.text ?? foreign.first { $0.path == K3sPaths.registries }?.text
    registries = registriesText.flatMap { K3sYAML.mapping(parsing: $0, named: "registries.yaml") }
    for (path, file) in files { files[path] = file.redacted(at: path) }
    self.files = files
  }

  private static func binary(_ section: ProbeSection) throws(ProbeError) -> Binary {
    guard let identity = section.word("identity") else { return .absent }
    if let stamp = section.word("stamp") {
      let words = stamp.split(separator: " ").map(String.init)
      guard words.count == 2, let version = K3sVersion(words[0]), isDigest(words[1]) else {
        return .foreign(said: "its stamp is not fleetd's: \(stamp.prefix(100))", identity: identity)
      }
      return .release(version, sha256: words[1], identity: identity)
    }
    let said = try section.required("said").trimmingWhitespace()
    guard let version = version(in: said), let sum = section.word("sum"), isDigest(sum) else {
      return .foreign(said: said.isEmpty ? "nothing" : said, identity: identity)
    }
    return .release(version, sha256: sum, identity: identity)
  }

  /// `k3s version v1.33.4+k3s1 (98262b5d)`.
  private static func version(in said: String) -> K3sVersion? {
    let words = said.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 4, words[0] == "k3s", words[1] == "version", words[3].hasPrefix("(") else { return nil }
    return K3sVersion(words[2])
  }

  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  private static func texts(_ section: ProbeSection, _ key: String) -> [String] {
    section.records.filter { $0.key == key }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// The path in the first line, then the file.
  private static func foreignFile(_ text: String) -> K3sForeignUnit.File {
    let path = text.prefix { $0 != "\n" }
    return K3sForeignUnit.File(path: String(path), text: String(text.dropFirst(path.count + 1)))
  }
}

extension K3sObservation {
  /// What a node of the fleet told of its k3s; `nil`: it was not observed, or its answer cannot be used.
  package init?(of node: NodeSpec, in observations: [String: NodeObservation]) {
    guard case .success(let transcript)? = observations[node.name]?.answer,
      let section = transcript.sections[K3s.kind.name], let observed = try? K3s.parse(section)
    else { return nil }
    self = observed
  }

  /// Whether systemd says that k3s is up.
  package var isRunning: Bool { service.active == "active" || service.active == "reloading" }
}

extension ObservedFile {
  /// YAML is kept in fleetd's own form and without secrets, so that a diff shows settings and not layout. A unit and its
  /// environment are kept not at all: where somebody else had a hand in them, a token may stand anywhere.
  fileprivate func redacted(at path: String) -> ObservedFile {
    guard case .regular(let attributes, let text?) = self else { return self }
    guard path == K3sPaths.config || path == K3sPaths.registries,
      let node = K3sYAML.mapping(parsing: text, named: path)
    else { return .regular(attributes, text: nil) }
    return .regular(attributes, text: K3sConfiguration(node).shownText)
  }
}
