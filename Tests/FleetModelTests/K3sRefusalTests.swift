import Testing

@testable import FleetModel

@Suite("k3s: refusals")
struct K3sRefusalTests {
  /// Refused: the reason is given, and nothing of k3s is touched.
  private func expectRefused(_ plan: KindPlan, _ reason: Reason, _ mentions: String...) {
    #expect(plan.changeSets.isEmpty)
    #expect(plan.refusals == [reason])
    let text = plan.findings.map { $0.message + " " + ($0.next ?? "") }.joined(separator: " ")
    for mention in mentions { #expect(text.contains(mention), "\(text)") }
    #expect(plan.findings.allSatisfy { $0.next != nil })
  }

  private static let livingServer: Answer = {
    var answer = Answer()
    answer.data = "etcd agent"
    return answer
  }()

  @Test("a downgrade and a skipped minor version")
  func versions() throws {
    let server = K3sFixture(role: .server)
    expectRefused(try server.plan(Self.livingServer.installed("v1.33.5+k3s1")), .k3sDowngrade, "v1.33.5+k3s1")
    expectRefused(try server.plan(Self.livingServer.installed("v1.31.5+k3s1")), .k3sSkippedMinor, "v1.32")
  }

  @Test("a release that is missing, wrong, or too large for the disk")
  func artifacts() throws {
    var fixture = K3sFixture()
    fixture.artifact = .missing("404")
    expectRefused(try fixture.plan(.blank), .k3sArtifactMissing, "404")
    fixture.artifact = .notNeeded
    expectRefused(try fixture.plan(.blank), .k3sArtifactMissing)
    fixture.artifact = .wrong("it is 12ab…")
    expectRefused(try fixture.plan(.blank), .k3sArtifactWrong, "12ab")
    fixture.artifact = K3sFixture().artifact
    fixture.facts = K3sFixture.facts(free: 133 << 20)
    expectRefused(try fixture.plan(.blank), .diskFull, "133 MiB", "134 MiB")
    fixture.facts = K3sFixture.facts(free: 134 << 20)
    #expect(try fixture.plan(.blank).refusals.isEmpty)
  }

  @Test("a secret that the control node does not have")
  func missingSecret() throws {
    var fixture = K3sFixture()
    fixture.hasToken = false
    expectRefused(try fixture.plan(.blank), .secretMissing, "k3s-token")
  }

  @Test("a binary that is no k3s")
  func foreignBinary() throws {
    for said in ["", "bash: not found", "k3s version dev (HEAD)", "exe version v1.33.4+k3s1 (98262b5d)"] {
      var answer = Answer()
      (answer.stamp, answer.said) = (nil, said)
      expectRefused(try K3sFixture().plan(answer), .k3sForeignBinary)
    }
  }

  @Test(
    "a key that a living cluster was made with",
    arguments: [
      "cluster-cidr: 10.52.0.0/16", "service-cidr: 10.53.0.0/16", "cluster-dns: 10.43.0.11", "cluster-domain: home.lan",
      "flannel-backend: host-gw", "secrets-encryption: true", "data-dir: /mnt/k3s", "node-name: other",
    ]
  )
  func immutableKey(line: String) throws {
    let key = String(line.prefix { $0 != ":" })
    let text = "node-name: pi3\n".replacing(key == "node-name" ? "node-name: pi3\n" : "\0", with: "") + line + "\n"
    let answer = Self.livingServer.having(K3sPaths.config, .text(text))
    expectRefused(try K3sFixture(role: .server).plan(answer), .k3sImmutableChange, key)
  }

  @Test("the same change before there is a cluster is none, nor is a default that is only written down")
  func immutableFree() throws {
    var fixture = K3sFixture(role: .server)
    var blank = Answer.blank
    blank.files[K3sPaths.config] = .text("cluster-cidr: 10.52.0.0/16\n")
    #expect(try fixture.plan(blank).refusals.isEmpty)
    fixture.serverConfig = "{cluster-cidr: 10.42.0.0/16, flannel-backend: vxlan, secrets-encryption: false}"
    #expect(try fixture.plan(Self.livingServer.having(K3sPaths.config, .text("node-name: pi3\n"))).refusals.isEmpty)
  }

  @Test("a wanted immutable key that the living cluster does not have")
  func immutableWanted() throws {
    var fixture = K3sFixture(role: .server)
    let present = try fixture.configText()
    fixture.serverConfig = "{cluster-cidr: [10.52.0.0/16, \"fd00::/56\"]}"
    let plan = try fixture.plan(Self.livingServer.having(K3sPaths.config, .text(present)))
    expectRefused(plan, .k3sImmutableChange, "from 10.42.0.0/16 to 10.52.0.0/16,fd00::/56")
  }

  @Test("another datastore than the one that runs")
  func datastore() throws {
    var answer = Self.livingServer
    expectRefused(
      try K3sFixture(role: .server, datastore: .sqlite).plan(answer),
      .k3sImmutableChange,
      "datastore",
      "etcd"
    )
    answer.data = "sqlite agent"
    expectRefused(try K3sFixture(role: .server).plan(answer), .k3sImmutableChange, "from sqlite to etcd")
  }

  @Test("another role than the one that is installed")
  func role() throws {
    var answer = Answer.blank
    answer.other = "k3s.service"
    expectRefused(try K3sFixture().plan(answer), .k3sImmutableChange, "write its card anew")
  }

  @Test("a living cluster whose config.yaml cannot be read")
  func unreadableConfig() throws {
    for file in [Answer.File.unreadable, .text("a: b: c"), .text("[1]")] {
      let answer = Self.livingServer.having(K3sPaths.config, file)
      expectRefused(try K3sFixture(role: .server).plan(answer), .k3sImmutableChange, K3sPaths.config)
    }
  }

  @Test("a directory in the place of a file")
  func notRegular() throws {
    expectRefused(try K3sFixture().plan(Answer().having(K3sPaths.token, .directory)), .fileNotRegular, K3sPaths.token)
  }

  @Test(
    "an answer that lacks something is an error and never a plan",
    arguments: ["unit", "asked", "said", "sha/0"]
  )
  func garbled(missing: String) throws {
    let fixture = K3sFixture()
    var answer = Answer()
    answer.stamp = nil
    let complete = try ProbeTranscript(parsing: try answer.bytes(for: fixture.k3s(), fixture)).section(K3s.kind)
    var section = ProbeSection(kind: "k3s")
    for record in complete.records where record.key != missing { section.append(record.key, record.bytes) }
    #expect(complete.records.count == section.records.count + 1)
    #expect(throws: ProbeError.self) { try K3s.parse(section) }
  }
}
