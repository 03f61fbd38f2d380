import YAMLSource

@testable import FleetModel

/// A node's answer for `package`, as its records, and a plan made from it.
struct PackagesFixture {
  /// The node's clock, seconds since 1970 UTC.
  static let clock = 1_795_240_000

  var dpkg = ""
  var broken: String?
  var isInterrupted = false
  /// Seconds; `nil`: the node has no lists.
  var listsAge: Int? = 3600
  var lock: String?
  var versions: String?
  var simulation: String?
  var clockSkew = 0
  var firstBoot: String?

  var section: ProbeSection {
    var section = ProbeSection(kind: "package")
    section.append("architecture", Array("arm64".utf8))
    section.append("dpkg", Array(dpkg.utf8))
    if isInterrupted { section.append("interrupted", Array("yes".utf8)) }
    if let broken { section.append("broken", Array(broken.utf8)) }
    section.append("lists", Array((listsAge.map { "\(Self.clock - $0)" } ?? "none").utf8))
    if let lock { section.append("lock", Array(lock.utf8)) }
    if let versions { section.append("versions", Array(versions.utf8)) }
    if let simulation { section.append("simulation", Array(simulation.utf8)) }
    return section
  }

  func plan(_ packages: [WantedPackage]) throws -> KindPlan {
    Packages(packages).plan(from: try Packages.parse(section), in: try context(packages))
  }

  private func context(_ packages: [WantedPackage]) throws -> PlanContext {
    let mark = YAMLMark(source: YAMLSourceFile(name: "nodes.yaml", bytes: []), line: 1, column: 1)
    let node = NodeSpec(
      name: "pi1",
      labels: [:],
      address: "192.0.2.1",
      ssh: SSHSettings(user: "fleet", port: 22),
      hostKeys: [],
      role: nil,
      architecture: .arm64,
      resources: [Packages(packages)],
      mark: mark
    )
    let facts = HostFacts(
      bootID: "b",
      machineID: "m",
      hostname: "pi1",
      architecture: "arm64",
      kernel: "6.6",
      operatingSystem: "Debian",
      model: nil,
      serial: nil,
      freeBytes: 1 << 30,
      clock: Self.clock,
      clockSkew: clockSkew,
      isClockSynchronised: nil,
      kernelCommandLine: "",
      firstBoot: firstBoot,
      pendingRestarts: [],
      lastReboot: nil,
      runningStep: nil
    )
    let transcript = try ProbeTranscript(parsing: Array("fleetd-probe 1\nend 0\n".utf8))
    return PlanContext(
      node: node,
      facts: facts,
      vault: SecretVault(),
      artifact: .notNeeded,
      serverVersion: nil,
      transcript: transcript
    )
  }
}

extension WantedPackage {
  static func present(_ name: String, _ version: String = "*", hold: Bool? = nil) -> WantedPackage {
    WantedPackage(name, .present(PackageVersionPattern(version), hold: hold))
  }

  static func absent(_ name: String) -> WantedPackage { WantedPackage(name, .absent) }
}

extension KindPlan {
  var packageChanges: [Change] { changeSets.flatMap(\.changes) }

  /// The lines that the one step of the one change set gives to its script.
  var aptLines: [[String]]? {
    guard changeSets.count == 1, changeSets[0].steps.count == 1 else { return nil }
    guard case .runAsUnit(let script, let input) = changeSets[0].steps[0].action, script == .apt else { return nil }
    return input.lines
  }
}
