import Testing

@testable import FleetModel

@Suite("apt sources")
struct AptSourcesTests {
  private static let key = OpenPGPArmourTests.key
  /// A YAML flow scalar.
  private static let quotedKey = "\"" + key.replacing("\n", with: "\\n") + "\""
  private static let spec =
    "aptSources: {docker: {uris: [\"https://download.example/debian\"], suites: [bookworm], components: [stable], "
    + "architectures: [arm64], signedBy: \(quotedKey)}}"
  private static let text = """
    # Managed by fleetd: spec.aptSources.docker of the node or its profiles.
    Types: deb
    URIs: https://download.example/debian
    Suites: bookworm
    Components: stable
    Architectures: arm64
    Signed-By: /etc/apt/keyrings/docker.asc

    """
  private static let keyPath = "/etc/apt/keyrings/docker.asc"
  private static let path = "/etc/apt/sources.list.d/docker.sources"

  private func fixture(_ spec: String, key: FileAnswer, source: FileAnswer) -> ModelFixture {
    var fixture = ModelFixture(spec)
    let isAbsent = spec.contains("absent")
    let files = [(Self.keyPath, key), (Self.path, source)]
    fixture.sections["aptsource"] = (isAbsent ? files.reversed() : files).enumerated()
      .flatMap { $1.1.records(of: $1.0, $0) }
    return fixture
  }

  @Test("a source that is as it is wanted needs nothing, and asks for no refresh")
  func inSync() throws {
    let plan = try fixture(Self.spec, key: .regular(Self.key), source: .regular(Self.text)).plan(AptSources.self)
    #expect(plan.changeSets.isEmpty && plan.requests.isEmpty && plan.findings.isEmpty)
  }

  @Test("the key comes before the source that needs it, known by its fingerprint; the lists are stale then")
  func added() throws {
    let plan = try fixture(Self.spec, key: .absent, source: .absent).plan(AptSources.self)
    #expect(plan.changes.map(\.name) == [Self.keyPath, Self.path])
    #expect(plan.changes.first?.after == .text("key 6220642f99ab325b94160ccc53feee9a5f97d19b"))
    #expect(
      plan.changes.last?.diff.first == "+# Managed by fleetd: spec.aptSources.docker of the node or its profiles.")
    #expect(plan.requests == [.refreshPackageLists])
  }

  @Test("a source goes before its key")
  func removed() throws {
    let spec = "aptSources: {docker: {state: absent}}"
    let plan = try fixture(spec, key: .regular(Self.key), source: .regular(Self.text)).plan(AptSources.self)
    #expect(plan.changes.map(\.name) == [Self.path, Self.keyPath])
    #expect(plan.changes.allSatisfy { $0.action == .remove } && plan.requests == [.refreshPackageLists])
  }

  @Test("where the key cannot be written, the source is not either")
  func keyRefused() throws {
    let plan = try fixture(Self.spec, key: .link(to: "/tmp/x"), source: .absent).plan(AptSources.self)
    #expect(plan.changeSets.isEmpty && plan.requests.isEmpty && plan.findings.map(\.reason) == [.fileNotRegular])
  }

  @Test("a source without a check of signatures is said to be one, whatever else is so")
  func trusted() throws {
    let spec = "aptSources: {docker: {uris: [\"file:/srv\"], suites: [repo/], trusted: true}}"
    let text = """
      # Managed by fleetd: spec.aptSources.docker of the node or its profiles.
      Types: deb
      URIs: file:/srv
      Suites: repo/
      Trusted: yes

      """
    var fixture = ModelFixture(spec)
    fixture.sections["aptsource"] = FileAnswer.regular(text).records(of: Self.path, 0)
    let plan = try fixture.plan(AptSources.self)
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.aptSourceTrusted])
  }

  @Test(
    "what apt would not understand is a diagnostic",
    arguments: [
      ("uris: [\"http://a/b\"], suites: [x]", "\"components\" is missing"),
      ("suites: [x], components: [main]", "\"uris\" is missing"),
      ("uris: [\"http://a/b\"], suites: [x/], components: [main]", "has no components"),
      ("uris: [\"http://u:p@a/b\"], suites: [x/]", "auth.conf.d"),
      ("uris: [\"ftp://a/b\"], suites: [x/]", "begins with none of"),
      ("uris: [\"http://a/b c\"], suites: [x/]", "holds \" \""),
      ("uris: [\"http://a/b\"], suites: [\"x y/\"]", "holds \" \""),
      ("uris: [\"http://a/b\"], suites: [x/], signedBy: \"hello\"", "does not begin with"),
      ("uris: [\"http://a/b\"], suites: [x/], signedBy: \"/a b\"", "holds \" \""),
      ("uris: [\"http://a/b\"], suites: [x/], signedBy: /usr/k.gpg, trusted: true", "makes its key useless"),
    ])
  func diagnostics(_ entry: String, _ words: String) {
    let node = InventoryText.node(spec: "aptSources: {x: {\(entry)}}")
    let messages = InventoryText.decode(InventoryText.fleet, node).messages
    #expect(messages.count == 1 && messages[0].contains(words), "\(messages)")
  }

  @Test("a file of the source is its own: another kind may not write it")
  func claims() {
    let node = InventoryText.node(spec: "\(Self.spec), files: [{path: \(Self.path), content: x}]")
    let messages = InventoryText.decode(InventoryText.fleet, node).messages
    #expect(messages.count == 1 && messages[0].contains("is claimed by aptsource and by file"))
  }
}
