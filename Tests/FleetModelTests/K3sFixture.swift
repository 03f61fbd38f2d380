import Crypto
import Testing
import YAMLSource

@testable import FleetModel

/// A fleet's k3s, a node of it, and what that node answers; each test changes what it is about.
struct K3sFixture {
  static let token = "correct-horse-battery-staple"
  static let wanted = "v1.33.4+k3s1"
  static let sum = String(repeating: "ab", count: 32)

  var role = Role.agent
  var version = wanted
  var datastore = K3sSettings.Datastore.etcd
  var serverConfig: String?
  var agentConfig: String?
  var nodeConfig: String?
  var registries: String?
  /// `k3s.environment` of the Fleet and of the node.
  var environment: String?
  var nodeEnvironment: String?
  var labels: [String] = []
  var taints: [String] = []
  var hasToken = true
  var artifact = K3sArtifactState.ready(
    Artifact(path: "/var/cache/fleetd/k3s", size: 70 << 20, sha256: K3sFixture.sum)
  )
  /// Where the node is given the release's images, and has none yet.
  var airgapImages: K3sArtifactState?
  static let images = "/var/lib/rancher/k3s/agent/images/k3s-airgap-images-arm64.tar.zst"
  var serverVersion: String? = wanted
  var facts = K3sFixture.facts()
  var requests: [Request] = []
  var isEndpointGiven = true
  /// A server runs, and its CA is known.
  var cluster = ClusterContext(
    view: nil, start: nil, running: ["https://192.0.2.1:6443"], authority: K3sFixture.authority)
  static let authority = String(repeating: "ca", count: 32)

  var vault: SecretVault {
    hasToken
      ? SecretVault(["k3s-token": Secret(Array(Self.token.utf8)), "registry": Secret(Array("hunter2\n".utf8))])
      : SecretVault()
  }

  // MARK: - Desired

  static func yaml(_ text: String) throws -> YAMLNode {
    let documents = try YAMLParser.documents(in: Array(text.utf8), named: "fleet.yaml")
    return try #require(documents.first)
  }

  func decode() throws -> (k3s: K3s?, diagnostics: [Diagnostic]) {
    let mark = try Self.yaml("{}").mark
    var settings = K3sSettings(
      version: try #require(K3sVersion(version)),
      source: .directory("/srv/k3s"),
      datastore: datastore,
      endpoint: "https://k3s.lan:6443",
      servers: ["https://192.0.2.1:6443", "https://192.0.2.9:6443"],
      token: SecretReference("k3s-token"),
      serverConfig: try serverConfig.map(Self.yaml),
      agentConfig: try agentConfig.map(Self.yaml),
      registries: try registries.map(Self.yaml),
      environment: try environment.map(Self.yaml),
      startTimeout: .seconds(300),
      mark: mark
    )
    settings.isEndpointGiven = isEndpointGiven
    let scope = NodeScope(
      name: "pi3",
      role: role,
      architecture: .arm64,
      account: "fleet",
      k3s: settings,
      kubernetesLabels: labels,
      kubernetesTaints: taints,
      mark: mark
    )
    var diagnostics = Diagnostics()
    let parts = [nodeConfig.map { "config: \($0)" }, nodeEnvironment.map { "environment: \($0)" }].compactMap { $0 }
    let entry = parts.isEmpty ? nil : try Self.yaml("{\(parts.joined(separator: ", "))}")
    let k3s = K3s.decode(entry, in: scope, &diagnostics)
    return (k3s, diagnostics.all)
  }

  func k3s() throws -> K3s {
    let (k3s, diagnostics) = try decode()
    #expect(diagnostics.isEmpty)
    return try #require(k3s)
  }

  /// The text of config.yaml that is wanted.
  func configText() throws -> String { try k3s().configuration.text }

  // MARK: - Planned

  func plan(_ answer: Answer) throws -> KindPlan {
    let k3s = try k3s()
    var bytes = try answer.bytes(for: k3s, self)
    if airgapImages != nil {
      bytes = bytes.dropLast("end 1\n".utf8.count) + Array("section airgapimages\nend 2\n".utf8)
    }
    let transcript = try ProbeTranscript(parsing: bytes)
    let node = NodeSpec(
      name: "pi3",
      labels: [:],
      address: "192.0.2.3",
      ssh: SSHSettings(user: "fleet", port: 22),
      hostKeys: [],
      role: role,
      architecture: .arm64,
      resources: airgapImages == nil ? [k3s] : [AirgapImages(version: k3s.version, paths: [Self.images]), k3s],
      mark: try Self.yaml("{}").mark
    )
    var context = PlanContext(
      node: node,
      facts: facts,
      vault: vault,
      artifact: artifact,
      serverVersion: serverVersion.flatMap { K3sVersion($0) },
      transcript: transcript,
      requests: requests
    )
    context.cluster = cluster
    context.airgapImages = airgapImages ?? .notNeeded
    return try k3s.plan(from: transcript, in: context)
  }

  static func facts(
    free: Int = 8 << 30,
    skew: Int = 0,
    firstBoot: String? = nil,
    pending: [String] = [],
    clock: Int = 1_700_000_000
  ) -> HostFacts {
    HostFacts(
      bootID: "b1",
      machineID: "m",
      hostname: "pi3",
      architecture: "arm64",
      kernel: "6.6.31",
      operatingSystem: "Debian",
      model: nil,
      serial: nil,
      freeBytes: free,
      clock: clock,
      clockSkew: skew,
      isClockSynchronised: true,
      kernelCommandLine: "",
      firstBoot: firstBoot,
      pendingRestarts: pending,
      lastReboot: nil,
      runningStep: nil
    )
  }
}

/// What the probe's `k3s` section says: of a node in sync, unless a test changes it.
struct Answer {
  enum File {
    case absent
    case wanted
    case text(String, mode: String = "600")
    case unreadable
    case directory
  }

  var said: String? = "k3s version \(K3sFixture.wanted) (98262b5d)"
  var sum = K3sFixture.sum
  var stamp: String? = "\(K3sFixture.wanted) \(K3sFixture.sum)"
  var state = "active"
  var sub = "running"
  var unitFile = "enabled"
  var load = "loaded"
  var restarts = 0
  var data = "agent"
  var other: String?
  var dropIns: [String] = []
  /// The unit that answers, where it is not the role's own.
  var asked: String?
  var also: [String] = []
  var withheld: [String] = []
  /// Further files of another's set-up, with their text, in the order in which the node sends them.
  var foreign: [(path: String, text: String)] = []
  /// By path, the digest of the token in it.
  var tokens = [K3sPaths.token: K3sHidden.digest(of: K3sFixture.token)]
  /// Seconds of uptime at which the unit became active.
  var activeSince: Int?
  /// Further records, as the probe sends them.
  var records: [(String, String)] = []
  /// Seconds between the fixture's clock and the one of a test.
  var clockShift = 0
  /// By path; wanted unless said otherwise.
  var files: [String: File] = [:]

  /// Nothing of k3s was ever there.
  static var blank: Answer {
    var answer = Answer()
    answer.said = nil
    answer.stamp = nil
    answer.state = "inactive"
    answer.sub = "dead"
    answer.unitFile = ""
    answer.load = "not-found"
    answer.data = ""
    for role in Role.allCases {
      answer.files[K3sPaths.unit(for: role)] = .absent
      answer.files[K3sPaths.environment(for: role)] = .absent
    }
    for path in [K3sPaths.token, K3sPaths.config, K3sPaths.registries] { answer.files[path] = .absent }
    return answer
  }

  /// Another release is installed.
  func installed(_ version: String) -> Answer {
    var answer = self
    answer.stamp = "\(version) \(String(repeating: "cd", count: 32))"
    return answer
  }

  func having(_ path: String, _ file: File) -> Answer {
    var answer = self
    answer.files[path] = file
    return answer
  }

  func bytes(for k3s: K3s, _ fixture: K3sFixture) throws -> [UInt8] {
    var records: [(String, String)] = []
    for (index, file) in k3s.files.enumerated() { try records += record(of: file, index, fixture) }
    if let said {
      records.append(("identity", "77 73400320 1700000000"))
      if let stamp {
        records.append(("stamp", stamp + "\n"))
      } else {
        records += [("said", said), ("sum", sum)]
      }
    }
    let unit =
      "LoadState=\(load)\nActiveState=\(state)\nSubState=\(sub)\nUnitFileState=\(unitFile)\nNRestarts=\(restarts)\n"
      + "Result=exit-code" + (activeSince.map { "\nActiveEnterTimestampMonotonic=\($0)000000" } ?? "")
    records += [("unit", unit), ("asked", asked ?? k3s.unit), ("data", data)]
    if let other { records.append(("other", other)) }
    records += dropIns.map { ("drop-in", $0) } + also.map { ("also", $0) } + withheld.map { ("withheld", $0) }
    records += texts(of: k3s.role).map { ("text", "\($0.path)\n\($0.text)") }
    records += self.records + tokens.map { ("token-file", "\($0.key)\t\($0.value)") }
    let framed = records.map { "= \($0.0) \($0.1.utf8.count)\n\($0.1)\n" }.joined()
    return Array("fleetd-probe 1\nsection k3s\n\(framed)end 1\n".utf8)
  }

  /// A unit that is not fleetd's is sent with everything that it reads.
  private func texts(of role: Role) -> [(path: String, text: String)] {
    var texts = foreign
    for path in [K3sPaths.unit(for: role), K3sPaths.environment(for: role)] {
      guard case .text(let text, _)? = files[path] else { continue }
      texts.append((path, text))
    }
    return texts
  }

  private func record(of file: ManagedFile, _ index: Int, _ fixture: K3sFixture) throws -> [(String, String)] {
    func stat(_ bytes: [UInt8], _ mode: String) -> [(String, String)] {
      let sum = SHA256.hash(data: bytes).hexadecimal
      return [
        ("stat/\(index)", "regular file\t\(mode)\troot\troot\t\(bytes.count)\t\t\(file.path)"), ("sha/\(index)", sum),
      ]
    }
    switch files[file.path] ?? .wanted {
    case .absent: return [("stat/\(index)", "absent\t\(file.path)")]
    case .wanted: return stat(try #require(file.content.bytes(with: fixture.vault)), String(file.mode.dropFirst()))
    case .directory: return [("stat/\(index)", "directory\t755\troot\troot\t4096\t\t\(file.path)")]
    case .unreadable: return stat([0xFF, 0xFE], "600")
    case .text(let text, let mode):
      let isYAML = file.path == K3sPaths.config || file.path == K3sPaths.registries
      let sent = isYAML ? [("text/\(index)", text)] : []
      return stat(Array(text.utf8), mode) + sent
    }
  }
}

extension KindPlan {
  var changes: [Change] { changeSets.flatMap(\.changes) }
  var steps: [Step] { changeSets.flatMap(\.steps) }
  var refusals: [Reason] { findings.filter { $0.severity == .refused }.map(\.reason) }
}
