import Testing

@testable import FleetModel

@Suite("keys that may only look")
struct CheckAccessTests {
  private static let line = CheckKeyFixture.line
  private static let fleet = "{checkAccess: {keys: [\"\(line)\"]}}"

  private static func node(fleet: String = fleet, _ spec: String = "") throws -> NodeSpec {
    let decoded = InventoryText.decode(InventoryText.fleet(fleet), InventoryText.node(spec: spec))
    return try #require(decoded.fleet?.nodes.first, "\(decoded.messages)")
  }

  private static func access(of node: NodeSpec) throws -> CheckAccess {
    try #require(node.resource(of: CheckAccess.self))
  }

  @Test("a key runs the program, whatever its holder asks for")
  func forced() throws {
    let node = try Self.node()
    let file = try #require(try Self.access(of: node).files(for: node).last)
    #expect(file.path == "/var/lib/fleetd-check/.ssh/authorized_keys" && file.owner == "root" && file.mode == "0644")
    let forced = "restrict,command=\"/usr/bin/env LC_ALL=C /usr/bin/sudo -n /usr/local/lib/fleetd/check\""
    #expect(file.content.text == "\(forced) \(Self.line)\n")
    let limited = try #require(AuthorizedKey("from=\"192.0.2.0/24,!192.0.2.9\" \(Self.line)"))
    #expect(limited.looking.line == "from=\"192.0.2.0/24,!192.0.2.9\",\(forced) \(Self.line)")
  }

  @Test(
    "other options than where a key comes from are mistakes",
    arguments: [
      "command=\"id\" ", "restrict ", "from=\"a\",command=\"id\" ", "permitopen=\"a:1\" ", "from=\"a\\\"b\" ",
      "environment=\"A=b\" ", "from=\"\" ", "cert-authority ",
    ])
  func options(_ options: String) {
    #expect(TextRule.checkKey.problem(with: options + Self.line) != nil)
  }

  @Test("sudo lets the account run the program without arguments, and keeps nothing of its environment")
  func sudoers() throws {
    let node = try Self.node()
    let file = try #require(try Self.access(of: node).files(for: node).first { $0.path.hasPrefix("/etc/sudoers.d/") })
    #expect(file.mode == "0440" && file.validate == ["visudo", "-c", "-q", "-f", "%s"])
    let text = try #require(file.content.text)
    #expect(text.hasSuffix("\nfleetd-check ALL=(root) NOPASSWD: /usr/local/lib/fleetd/check \"\"\n"))
    #expect(text.contains("env_reset") && text.contains("!env_keep, !env_check") && text.contains("!setenv"))
  }

  @Test("the list has what the inventory asks, and no digest in it")
  func grant() throws {
    let node = try Self.node(
      "files: [{path: /etc/a, content: x}, {path: /etc/b, content: {secret: s}}], packages: {jq: {version: \"1.*\"}}")
    let lines = CheckGrant(of: node).lines
    for line in [
      ["section", "file", "0"], ["file", "*", "shown", "/etc/a"], ["file", "*", "secret", "/etc/b"],
      ["section", "package", "1"], ["package", "arm64"], ["package", "jq", "*"], ["section", "host", "0"],
      ["checkaccess", "*", "shown", "/etc/sudoers.d/fleetd-check"],
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(!CheckGrant(of: node).text.contains { $0 == "\r" })
    #expect(!lines.joined().contains { $0.count == 64 || $0 == "1.*" })
    let changed = try Self.node(
      "files: [{path: /etc/a, content: y}, {path: /etc/b, content: {secret: s}}], packages: {jq: present}")
    #expect(CheckGrant(of: changed) == CheckGrant(of: node))
  }

  @Test("without a key it is taken away where it stands, and nothing is to be done where not")
  func revoked() throws {
    let node = try Self.node(fleet: "{}")
    let access = try Self.access(of: node)
    #expect(access.declared == [] && access.claims == [] && access.probeLines(of: node, with: SecretVault()) == [])
    var fixture = ModelFixture("")
    #expect(try fixture.plan(CheckAccess.self).changeSets == [])
    fixture.sections["checkaccess"] = [("left", "/etc/sudoers.d/fleetd-check"), ("home", "left")]
    let plan = try fixture.plan(CheckAccess.self)
    #expect(plan.changes.map(\.name) == ["account fleetd-check", "/etc/sudoers.d/fleetd-check"])
    #expect(plan.changes.allSatisfy { $0.action == .remove } && plan.steps.count == 1)
    #expect(access.declaredAbsent.contains("account fleetd-check"))
  }

  @Test("fleetd's own account cannot be that of the keys")
  func account() {
    let decoded = InventoryText.decode(
      InventoryText.fleet("{ssh: {user: fleetd-check}, checkAccess: {keys: [\"\(Self.line)\"]}}"), InventoryText.node())
    #expect(decoded.messages.count == 1 && decoded.messages.first?.contains("spec.ssh.user is fleetd-check") == true)
  }
}
