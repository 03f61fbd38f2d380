import Testing
import YAMLSource

@testable import FleetModel

@Suite("air-gap images")
struct AirgapImagesTests {
  private let version: K3sVersion
  private static let directory = "/var/lib/rancher/k3s/agent/images"
  private static let sum = String(repeating: "ab", count: 32)
  private static let zstd = "\(directory)/k3s-airgap-images-arm64.tar.zst"
  private static let plain = "\(directory)/k3s-airgap-images-arm64.tar"
  private static let published = K3sArtifactState.published(
    Artifact(path: "/srv/k3s/v1.33.4+k3s1/k3s-airgap-images-arm64.tar.zst", size: 200 << 20, sha256: sum))

  private let current: AirgapImages.File

  init() throws {
    version = try #require(K3sVersion("v1.33.4+k3s1"))
    current = .regular(identity: "1 2 3", version: version, sha256: Self.sum)
  }

  @Test("nodes with a role are given them where the fleet says so, and others not")
  func declared() throws {
    let k3s = "version: v1.33.4+k3s1, source: {directory: /srv/k3s}, datastore: sqlite"
    for (setting, given) in [(", airgapImages: true", true), (", airgapImages: false", false), ("", false)] {
      let decoded = InventoryText.decode(
        InventoryText.fleet("{k3s: {\(k3s)\(setting)}}"), InventoryText.node("pi1", spec: "role: server"),
        InventoryText.node("pi2", address: "192.0.2.2"))
      let nodes = try #require(decoded.fleet?.nodes, "\(decoded.messages)")
      #expect(nodes.map { $0.resource(of: AirgapImages.self) != nil } == [given, false])
    }
  }

  @Test("a node without them gets them before k3s starts, and nothing is restarted for them")
  func blank() throws {
    let plan = try plan([:])
    #expect(plan.findings.isEmpty)
    #expect(plan.changes.map { "\($0.action.rawValue) \($0.name)" } == ["+ \(Self.zstd)"])
    #expect(
      plan.steps.map(\.title) == [
        "copy the images of k3s v1.33.4+k3s1 to the node", "put the images of k3s v1.33.4+k3s1 in place",
      ])
    #expect(plan.changeSets.map(\.disturbance) == [.none])
    #expect(ResourceRegistry.isOrdered(AirgapImages.self, before: K3s.self))
  }

  @Test("those of the wanted release stay as they are")
  func inSync() throws {
    let plan = try plan([Self.zstd: current])
    #expect(plan.changeSets.isEmpty && plan.findings.isEmpty)
  }

  @Test("those of another release are replaced, and so is a file that somebody altered")
  func replaced() throws {
    let other = String(repeating: "cd", count: 32)
    let seen: [(K3sVersion?, String?, String)] = [
      (K3sVersion("v1.32.8+k3s1"), other, "v1.32.8+k3s1"), (nil, nil, "not the published file"),
    ]
    for (version, sum, shown) in seen {
      let plan = try plan([Self.zstd: .regular(identity: "1 2 3", version: version, sha256: sum)])
      let change = try #require(plan.changes.first)
      #expect(change.action == .change && change.before == .text(shown) && change.after == .text("v1.33.4+k3s1"))
      guard case .run(_, let input)? = plan.steps.last?.action else { throw Unexpected() }
      #expect(input.lines.last == ["1 2 3"], "the step replaces what was seen, and nothing else")
    }
  }

  @Test("another form of them goes, as k3s would import both")
  func otherForm() throws {
    let old = AirgapImages.File.regular(identity: "4 5 6", version: nil, sha256: Self.sum)
    let plan = try plan([Self.zstd: current, Self.plain: old])
    #expect(plan.changes.map { "\($0.action.rawValue) \($0.name)" } == ["- \(Self.plain)"])
    guard case .run(_, let input)? = plan.steps.first?.action else { throw Unexpected() }
    #expect(input.lines == [[Self.plain, "4 5 6"]])
  }

  @Test("a source that lacks them is a refusal that names the file, unless they are there already")
  func unpublished() throws {
    let states = [
      K3sArtifactState.missing("404"), .wrong("it does not list k3s-airgap-images-arm64.tar.zst"), .notNeeded,
    ]
    for state in states {
      let finding = try #require(try plan([:], state).findings.first)
      #expect(finding.severity == .refused && finding.next?.contains("k3s-airgap-images-arm64.tar.zst") == true)
      #expect(try plan([Self.zstd: current], state).findings.isEmpty)
    }
  }

  @Test("nothing is done to what is no regular file, nor on a disk that is too full")
  func refused() throws {
    #expect(try plan([Self.zstd: .other]).findings.map(\.reason) == [.fileNotRegular])
    let full = try plan([:], facts: K3sFixture.facts(free: 250 << 20))
    #expect(full.findings.map(\.reason) == [.diskFull] && full.changeSets.isEmpty)
  }

  @Test("a release that is installed brings them along: they are in place before it starts, and only where it does")
  func withTheirRelease() throws {
    var fixture = K3sFixture()
    fixture.airgapImages = Self.published
    let plan = try fixture.plan(.blank)
    #expect(plan.changeSets.map(\.disturbance) == [.restartsK3s])
    #expect(plan.changes.prefix(2).map(\.name) == [Self.zstd, K3sPaths.binary])
    #expect(plan.steps.filter(\.isPush).count == 2)
    let titles = plan.steps.map(\.title)
    let placed = try #require(titles.firstIndex(of: "put the images of k3s v1.33.4+k3s1 in place"))
    #expect(try placed < #require(titles.firstIndex(of: "install k3s v1.33.4+k3s1")))
    // On a node where it is installed, they are a change of their own, that restarts nothing.
    #expect(try fixture.plan(Answer()).changeSets.isEmpty)
  }

  @Test("a release whose images are not to be had is not installed")
  func notWithoutThem() throws {
    var fixture = K3sFixture()
    for state in [K3sArtifactState.missing("404"), .wrong("sum"), .notNeeded] {
      fixture.airgapImages = state
      let plan = try fixture.plan(.blank)
      #expect(plan.changeSets.isEmpty)
      #expect(plan.findings.map(\.severity) == [.refused] && plan.findings.first?.kind == K3s.kind)
      #expect(plan.findings.first?.message.contains("would start without its images") == true)
    }
  }

  private struct Unexpected: Error {}

  private func plan(
    _ observed: AirgapImages.Observed, _ state: K3sArtifactState = published, facts: HostFacts = K3sFixture.facts()
  ) throws -> KindPlan {
    let release = K3sRelease(version, for: .arm64)
    let images = AirgapImages(
      version: version, paths: release.imagesNames.map { "\(Self.directory)/\($0)" })
    let node = NodeSpec(
      name: "pi3", labels: [:], address: "192.0.2.3", ssh: SSHSettings(user: "fleet", port: 22), hostKeys: [],
      role: .agent, architecture: .arm64, resources: [images], mark: try K3sFixture.yaml("{}").mark)
    var context = PlanContext(
      node: node, facts: facts, vault: SecretVault(), artifact: .notNeeded, serverVersion: nil,
      transcript: try ProbeTranscript(parsing: Array("\nfleetd-probe 1\nend 0\n".utf8)))
    context.airgapImages = state
    return images.plan(from: observed, in: context)
  }
}

/// The probe, run for real by the shells.
@Suite("the probe of air-gap images")
struct AirgapImagesProbeTests {
  @Test("it tells regular files by what fleetd knows of them, and what is none", arguments: Shell.all)
  func observed(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let made = try shell.run(
      #"cd "$1" && printf images > a.tar.zst && ln -s a.tar.zst a.tar.gz && mkdir a.tar"#, [folder.path])
    #expect(made.status == 0)
    let paths = ["a.tar.zst", "a.tar.gz", "a.tar", "none"].map { folder.path($0) }
    let outcome = try shell.run(
      ResourceRegistry.probeScript, input: ProbeScript.input([ProbeRequest(AirgapImages.kind, paths.map { [$0] })]))
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let files = try AirgapImages.parse(try ProbeTranscript(parsing: outcome.output).section(AirgapImages.kind))
    #expect(files.keys.sorted() == paths.dropLast().sorted())
    #expect(files[paths[1]] == .other && files[paths[2]] == .other)
    #expect(files[paths[0]] != nil && files[paths[0]]?.sha256 == nil, "it is not read: it may be large")
    #expect(files[paths[0]]?.version == nil)
  }

  @Test("every shell accepts the scripts", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    for script in [StepScript.installAirgapImages, .removeAirgapImages] {
      #expect(try shell.complaint(about: StepPrelude.text(for: script)) == nil, "\(script.name)")
    }
  }
}
