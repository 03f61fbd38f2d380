import Testing
import YAMLSource

@testable import FleetModel

@Suite("the node's answer about packages")
struct PackagesParseTests {
  @Test("is an error when the simulation is cut off, as what would be removed is not known then")
  func cutSimulation() {
    let fixture = PackagesFixture(simulation: "Inst jq (1.6-2.1 Debian:12.5 [arm64])")
    #expect(throws: ProbeError.self) { try Packages.parse(fixture.section) }
  }

  @Test(
    "is an error when dpkg's rows are not what they should be, never \"absent\"",
    arguments: ["jq\tarm64\t1.6", "jq\tarm64\t1.6\tinstall\tmelted\tok", "\u{FFFD}"]
  )
  func garbledRows(_ rows: String) {
    #expect(throws: ProbeError.self) { try Packages.parse(PackagesFixture(dpkg: rows).section) }
  }

  @Test("is an error when a record is missing", arguments: ["architecture", "dpkg", "lists"])
  func missingRecord(_ key: String) {
    var section = ProbeSection(kind: "package")
    for record in PackagesFixture().section.records where record.key != key { section.append(record.key, record.bytes) }
    #expect(throws: ProbeError.missing(section: "package.\(key)")) { try Packages.parse(section) }
  }

  @Test("lists each offered version once, newest first")
  func offers() throws {
    let fixture = PackagesFixture(
      versions: """
        jq | 1.7-1 | http://deb.example/debian trixie/main arm64 Packages
        jq | 1.6-2 | http://deb.example/debian bookworm/main arm64 Packages
        jq | 1.6-2 | http://security.example/debian bookworm-security/main arm64 Packages
        """
    )
    #expect(try Packages.parse(fixture.section).offers == ["jq": ["1.7-1", "1.6-2"]])
  }
}

@Suite("packages in the inventory")
struct PackagesDecodingTests {
  @Test("are present, absent, at a version, held")
  func valid() throws {
    let (packages, problems) = try decode(
      "{open-iscsi: present, nfs-common: {version: \"1:2.6*\", hold: true}, jq: {hold: false}, dphys-swapfile: absent}"
    )
    #expect(problems == [])
    #expect(
      packages?.packages == [
        .absent("dphys-swapfile"), .present("jq", hold: false), .present("nfs-common", "1:2.6*", hold: true),
        .present("open-iscsi"),
      ]
    )
  }

  @Test(
    "that are wrong are diagnostics",
    arguments: [
      ("{openssh-server: absent}", "does not remove openssh-server"), ("{sudo: absent}", "does not remove sudo"),
      ("{jq: {}}", "neither \"version\" nor \"hold\""), ("{jq: {version: \"x:1\"}}", "no Debian version"),
      ("{jq: {version: \"[^1]*\"}}", "more than a simple pattern"), ("{jq: {version: 1.6}}", "found a number"),
      ("{jq: {version: \"*1*2*3*4*5*\"}}", "more than a simple pattern"), ("{jq: latest}", "none of present, absent"),
      ("{jq: {versoin: \"1\"}}", "unknown key"), ("{-o=x: present}", "starts with \"-\""),
    ]
  )
  func invalid(_ text: String, _ problem: String) throws {
    let (_, problems) = try decode(text)
    #expect(problems.count == 1)
    #expect(problems.first?.contains(problem) == true, "\(problems)")
  }

  @Test("ask the probe for the node's architecture, and per package for a pattern and a state")
  func probeLines() throws {
    let packages = Packages([.present("nfs-common", "1:2.6*"), .present("jq"), .absent("bluez")])
    let mark = YAMLMark(source: YAMLSourceFile(name: "n", bytes: []), line: 1, column: 1)
    let node = NodeSpec(
      name: "pi1",
      labels: [:],
      address: "192.0.2.1",
      ssh: SSHSettings(user: "fleet", port: 22),
      hostKeys: [],
      role: nil,
      architecture: .arm64,
      resources: [packages],
      mark: mark
    )
    #expect(
      packages.probeLines(of: node, with: SecretVault()) == [
        ["arm64"], ["bluez", "*", "absent"], ["jq", "*", "present"], ["nfs-common", "1:2.6*", "present"],
      ]
    )
  }

  private func decode(_ text: String) throws -> (Packages?, [String]) {
    let node = try #require(try YAMLParser.documents(in: Array(text.utf8), named: "base.yaml").first)
    var diagnostics = Diagnostics()
    Packages.field?.schema.validate(node, at: "packages", into: &diagnostics)
    guard diagnostics.isEmpty else { return (nil, diagnostics.all.map(\.problem)) }
    let scope = NodeScope(
      name: "pi1",
      role: nil,
      architecture: .arm64,
      account: "fleet",
      k3s: nil,
      kubernetesLabels: [],
      kubernetesTaints: [],
      mark: node.mark
    )
    let packages = Packages.decode(node, in: scope, &diagnostics)
    return (packages, diagnostics.all.map(\.problem))
  }
}
