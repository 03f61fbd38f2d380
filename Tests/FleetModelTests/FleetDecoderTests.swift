import Testing

@testable import FleetModel

@Suite("the fleet as a whole")
struct FleetDecoderTests {
  private func messages(_ documents: String...) -> String {
    let (fleet, messages) = InventoryText.decode(documents.joined(separator: "---\n"))
    #expect((fleet == nil) == !messages.isEmpty)
    return messages.joined(separator: "\n")
  }

  private static let k3s =
    "{k3s: {version: v1.33.4+k3s1, source: {directory: /srv/k3s}, token: {secret: k3s-token}}}"

  @Test("every part is optional but the address")
  func smallest() throws {
    let (fleet, messages) = InventoryText.decode(InventoryText.fleet, InventoryText.node("pi1"))
    #expect(messages.isEmpty)
    let node = try #require(fleet?.nodes.first)
    #expect((node.name, node.address, node.role) == ("pi1", "192.0.2.1", nil))
    #expect(node.ssh == SSHSettings(user: "fleet", port: 22))
    #expect(node.architecture == .arm64)
    #expect(fleet?.k3s == nil)
  }

  @Test("nodes are sorted by name, and take the fleet's ssh settings unless they have their own")
  func nodes() throws {
    let fleet = try #require(
      InventoryText.decode(
        InventoryText.fleet("{ssh: {user: ops, port: 2222}}"),
        InventoryText.node("pi2", address: "192.0.2.2", spec: "ssh: {port: 22}"),
        InventoryText.node("pi1")
      ).fleet
    )
    #expect(fleet.nodes.map(\.name) == ["pi1", "pi2"])
    #expect(fleet.nodes.map(\.ssh) == [SSHSettings(user: "ops", port: 2222), SSHSettings(user: "ops", port: 22)])
  }

  @Test("a repository without a Fleet says where one is expected")
  func noFleet() {
    #expect(
      InventoryText.decode(files: [:]).messages == [
        """
        no Fleet document: one file of inventory/ must hold "kind: Fleet"
          = found no YAML file below inventory/
        """
      ]
    )
    #expect(messages(InventoryText.node("pi1")).contains("= looked into 1 files"))
  }

  @Test("a second Fleet names the first")
  func twoFleets() {
    #expect(
      messages(InventoryText.fleet, InventoryText.fleet).hasPrefix(
        "fleet.yaml:6:1: a second Fleet; the first is in fleet.yaml:1:1"
      )
    )
  }

  @Test("a second document of one name names the first; a Profile may be called as a Node is")
  func duplicateNames() {
    let text = messages(
      InventoryText.fleet, InventoryText.node("pi1"), InventoryText.node("pi1", address: "192.0.2.2"),
      InventoryText.profile("pi1", "{}")
    )
    #expect(text.hasPrefix("fleet.yaml:13:18: a second Node \"pi1\"; the first is in fleet.yaml:8:18"))
    #expect(!text.contains("second Profile"))
  }

  @Test("two nodes at one address are reported, however the port is written", arguments: ["", "ssh: {port: 22}"])
  func duplicateAddresses(_ ssh: String) {
    let text = messages(
      InventoryText.fleet, InventoryText.node("pi1", address: "Pi.lan"),
      InventoryText.node("pi2", address: "pi.lan", spec: ssh)
    )
    #expect(text.contains("Node.spec.address: pi.lan is the address of pi1 too, in fleet.yaml:9:17"))
  }

  @Test("two nodes behind one address and two ports are two nodes")
  func forwardedPorts() {
    #expect(
      messages(InventoryText.fleet, InventoryText.node("pi1"), InventoryText.node("pi2", spec: "ssh: {port: 2222}"))
        .isEmpty
    )
  }

  @Test("a profile that does not exist is reported where it is named, with the one that was meant")
  func danglingProfile() {
    let text = messages(
      InventoryText.fleet("{profiles: [bose]}"), InventoryText.profile("base", "{}"), InventoryText.node("pi1")
    )
    #expect(text.hasPrefix("fleet.yaml:4:19: there is no Profile \"bose\""))
    #expect(text.contains("= did you mean \"base\"?"))
  }

  @Test("a path that two kinds write is reported at the file")
  func claimedTwice() {
    for (kind, path, spec) in [
      ("boot", "/boot/firmware/cmdline.txt", "boot: {cmdline: {present: [a=1]}}"),
      ("sysctl", "/etc/sysctl.d/zz-fleetd.conf", "sysctl: {vm.swappiness: 10}"),
    ] {
      let text = messages(
        InventoryText.fleet, InventoryText.node(spec: "\(spec), files: [{path: \(path), content: x}]"))
      #expect(text.contains("pi1: \(path) is claimed by file and by \(kind)"))
      #expect(text.hasPrefix("fleet.yaml:9:\(spec.count + 38):"))
    }
  }

  @Test("several servers need etcd, and the same critical settings")
  func servers() {
    func text(_ k3s: String, _ second: String = "role: server") -> String {
      messages(
        InventoryText.fleet(k3s), InventoryText.node("pi1", spec: "role: server"),
        InventoryText.node("pi2", address: "192.0.2.2", spec: second))
    }
    #expect(text(Self.k3s) == "")
    #expect(
      text(Self.k3s.replacing("version:", with: "datastore: sqlite, version:")).contains(
        "pi2 is a second server, and with datastore: sqlite a cluster has one"))
    let differing = text(Self.k3s, "role: server, k3s: {config: {cluster-cidr: 10.99.0.0/16}}")
    #expect(differing.contains("pi2 and pi1 differ in k3s.config.cluster-cidr, and k3s refuses servers that do"))
  }

  @Test("agents need a server, and a role needs k3s")
  func roles() {
    let agent = InventoryText.node("pi1", spec: "role: agent")
    #expect(messages(InventoryText.fleet(Self.k3s), agent).contains("the fleet has agents and no server"))
    #expect(messages(InventoryText.fleet, agent).contains("Node.spec.role: the fleet has no k3s"))
  }

  @Test("an apiVersion or kind that is not known is refused with what is")
  func unknownDocument() {
    let old = InventoryText.node("pi1").replacing("fleetd/v1", with: "fleetd/v2")
    #expect(messages(InventoryText.fleet, old).contains("Node.apiVersion: expected \"fleetd/v1\", found \"fleetd/v2\""))
    let other = InventoryText.document("Nodes", "x", "{}")
    #expect(messages(InventoryText.fleet, other).contains("unknown kind \"Nodes\""))
    #expect(messages(InventoryText.fleet, other).contains("= did you mean \"Node\"?"))
    #expect(messages(InventoryText.fleet, "spec: {}\n").contains("\"kind\" is missing"))
    #expect(messages(InventoryText.fleet, "[1, 2]\n").contains("found a list"))
  }

  @Test("a rebuild may take an hour unless the fleet says otherwise; nothing of the inventory is only read")
  func reprovisionTarget() throws {
    func fleet(_ spec: String) throws -> Fleet {
      try #require(InventoryText.decode(InventoryText.fleet(spec), InventoryText.node(spec: "")).fleet)
    }
    #expect(try fleet("{}").reprovisionTarget == .seconds(3600))
    let chosen = try fleet("{rollout: {agents: {maxUnavailable: 2}, drain: {}}, reprovision: {target: 45m}}")
    #expect(chosen.reprovisionTarget == .seconds(45 * 60))
    #expect(chosen.reserved.isEmpty)
  }

  @Test("a drain that may take no time at all is an error in its place")
  func noTime() {
    let found = messages(InventoryText.fleet("{rollout: {drain: {timeout: 0s}}}"), InventoryText.node(spec: ""))
    #expect(found.contains("Fleet.spec.rollout.drain.timeout: no drain is done in no time"))
  }

  @Test(
    "bytes that are no inventory are a diagnostic, whatever they are",
    arguments: [
      [0xFF, 0xFE], [0x00], [0x1B, 0x5B, 0x32, 0x4A], Array("a: &a [*a]\n".utf8), Array("{".utf8),
      Array(repeating: UInt8(ascii: "["), count: 100_000), Array(repeating: UInt8(ascii: "x"), count: 2 << 20),
      Array("kind: \"\\u0000\\e[31m\"\n".utf8), Array("kind: {a: b}\n".utf8), Array("kind: Node\nkind: Node\n".utf8),
      Array("kind: Node\nmetadata: []\nspec: 7\n".utf8), Array("kind: Node\nmetadata: {name: {}}\nspec: {}\n".utf8),
      Array("kind: Node\napiVersion: fleetd/v1\nmetadata: {name: \"\\n\"}\nspec: {address: \"\\e\"}\n".utf8),
    ] as [[UInt8]]
  )
  func hostileBytes(_ bytes: [UInt8]) {
    let (fleet, diagnostics) = FleetDecoder.decode([
      InventoryFile(name: "fleet.yaml", bytes: Array(InventoryText.fleet.utf8)),
      InventoryFile(name: "hostile.yaml", bytes: bytes),
    ])
    #expect(fleet == nil)
    let text = diagnostics.all.map(\.description).joined(separator: "\n")
    #expect(text.hasPrefix("hostile.yaml:"))
    #expect(text.utf8.count < 8000)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
  }
}
