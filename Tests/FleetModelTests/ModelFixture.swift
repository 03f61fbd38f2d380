import Testing

@testable import FleetModel

/// One node as its inventory declares it, what it answers to the probe, and the plan that follows from both.
///
/// It answers as a node in sync, except where a test says otherwise.
struct ModelFixture {
  typealias Record = (key: String, text: String)

  /// Of the Node document, besides its address: flow YAML.
  var spec: String
  var vault = SecretVault()
  /// Records of the section `host` that differ from `hostRecords`, and those that are not there.
  var host: [String: String] = [:]
  var missing: Set<String> = []
  /// By path; a file that is not named is as it is wanted.
  var files: [String: FileAnswer] = [:]
  /// By unit; a unit that is not named runs and is enabled.
  var units: [String: String] = [:]
  /// Whole sections, by kind.
  var sections: [String: [Record]] = [:]
  /// What the kinds before asked for, and whether they change anything.
  var requests: [Request] = []
  var hasChangesBefore = false
  var installsPackages = false
  /// Seconds by which the node's clock is off.
  var clockSkew = 0

  init(_ spec: String) { self.spec = spec }

  // MARK: - Desired

  func node() throws -> NodeSpec {
    let (fleet, messages) = InventoryText.decode(InventoryText.fleet, InventoryText.node(spec: spec))
    #expect(messages.isEmpty)
    return try #require(fleet?.node(named: "pi1"))
  }

  // MARK: - Observed

  /// Seconds since 1970 UTC, on both clocks.
  static let clock = 1_795_230_000

  static let hostRecords: [String: String] = [
    "boot-id": "b2\n", "machine-id": "0123456789abcdef0123456789abcdef\n", "hostname": "pi1\n",
    "kernel": "6.12.25+rpt-rpi-v8\n", "cmdline": "root=/dev/mmcblk0p2 cgroup_enable=memory\n",
    "os-release": "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
    "model": "Raspberry Pi 4 Model B Rev 1.4\n", "serial": "10000000abcdef01\n", "architecture": "arm64",
    "free": "1000000 4096\n2000000 4096", "clock": "\(clock)", "synchronised": "yes", "pending": "",
  ]

  var hostSection: [Record] {
    Self.hostRecords.merging(host) { $1 }.filter { !missing.contains($0.key) }
      .map { ($0.key, $0.value) }.sorted { $0.key < $1.key }
  }

  func transcript() throws -> ProbeTranscript { try ProbeTranscript(parsing: try bytes()) }

  /// What the node writes, or what `node` would write in its place.
  func bytes(for node: NodeSpec? = nil) throws -> [UInt8] {
    let node = try node ?? self.node()
    return Self.answer(try node.resources.map { try section(of: $0, node) })
  }

  func observation() throws -> NodeObservation {
    NodeObservation(answer: .success(try transcript()), sent: Self.clock, received: Self.clock)
  }

  /// The bytes that a node writes.
  static func answer(_ sections: [(kind: String, records: [Record])]) -> [UInt8] {
    var text = "fleetd-probe 1\n"
    for section in sections {
      text += "section \(section.kind)\n"
      for record in section.records { text += "= \(record.key) \(record.text.utf8.count)\n\(record.text)\n" }
    }
    return Array((text + "end \(sections.count)\n").utf8)
  }

  private func section(of resource: any Resource, _ node: NodeSpec) throws -> (kind: String, records: [Record]) {
    let kind = type(of: resource).kind.name
    if let records = sections[kind] { return (kind, records) }
    switch resource {
    case is Host: return (kind, hostSection)
    case let files as Files: return (kind, try fileSection(files))
    case let sysctl as Sysctl:
      let live = sysctl.settings.map { "/proc/sys/\($0.procPath)\t\($0.value)\n" }.joined()
      return (kind, [("live", live), ("file", sysctl.content)])
    case is Cgroups: return (kind, [("type", "cgroup2fs"), ("controllers", "cpuset cpu io memory pids\n")])
    case is Services: return (kind, serviceSection(resource.probeLines(of: node, with: vault).map { $0[0] }))
    default: return (kind, [])
    }
  }

  private func fileSection(_ files: Files) throws -> [Record] {
    try files.files.enumerated().flatMap { index, file in
      let wanted = String(decoding: try #require(file.content.bytes(with: vault)), as: UTF8.self)
      let answer = self.files[file.path] ?? (file.isAbsent ? .absent : .regular(wanted, mode: file.mode))
      return answer.records(of: file.path, index)
    }
  }

  private func serviceSection(_ asked: [String]) -> [Record] {
    let blocks = asked.map { units[$0] ?? UnitAnswer.running }
    return [("units", blocks.joined(separator: "\n\n"))] + asked.map { ("asked", $0) }
  }

  // MARK: - Planned

  func facts() throws -> HostFacts { try Host.parse(try transcript().section(Host.kind)) }

  /// What one kind makes of the node.
  func plan<Kind: Resource>(_ kind: Kind.Type) throws -> KindPlan {
    let node = try node()
    let transcript = try transcript()
    var facts = try facts()
    facts.clockSkew = clockSkew
    var context = PlanContext(
      node: node,
      facts: facts,
      vault: vault,
      artifact: .notNeeded,
      serverVersion: nil,
      transcript: transcript,
      requests: requests,
      hasChangesBefore: hasChangesBefore
    )
    context.installsPackages = installsPackages
    return try #require(node.resource(of: kind)).plan(from: transcript, in: context)
  }

  /// What all kinds together make of it.
  func plan() throws -> NodePlan { NodePlanner(vault: vault).plan(try node(), from: try observation()) }
}

extension KindPlan {
  /// What the steps that run `script` are told.
  func lines(of script: StepScript) -> [[String]] {
    steps.flatMap { step -> [[String]] in
      guard case .run(script, let input) = step.action else { return [] }
      return input.lines
    }
  }
}

/// `systemctl show` of one unit.
enum UnitAnswer {
  static let running = state(active: "active", sub: "running", file: "enabled")
  static let notFound = state(load: "not-found", active: "inactive", sub: "dead", file: "")

  static func state(
    load: String = "loaded",
    active: String,
    sub: String,
    file: String,
    restarts: Int = 0
  ) -> String {
    "LoadState=\(load)\nActiveState=\(active)\nSubState=\(sub)\nUnitFileState=\(file)\nNRestarts=\(restarts)"
  }
}
