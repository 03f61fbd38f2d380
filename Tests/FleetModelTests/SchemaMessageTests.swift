import Testing

@testable import FleetModel

@Suite("mistakes in the inventory, as they are shown")
struct SchemaMessageTests {
  /// The whole message for a Node whose one mistake is in `line`, line 6 of the file.
  private func message(_ line: String) throws -> String {
    let node = """
      apiVersion: fleetd/v1
      kind: Node
      metadata: {name: pi1}
      spec:
        address: 192.0.2.1
        \(line)

      """
    let messages = InventoryText.decode(files: ["fleet.yaml": InventoryText.fleet, "pi1.yaml": node]).messages
    #expect(messages.count == 1)
    return try #require(messages.first)
  }

  @Test("an unknown key is shown with a caret and the key that was meant")
  func unknownKey() throws {
    #expect(
      try message("pakages: {}") == """
        pi1.yaml:6:3: Node.spec: unknown key "pakages"
            pakages: {}
            ^
          = did you mean "packages"?
        """
    )
  }

  @Test("where nothing is near, all known keys are named")
  func noSuggestion() throws {
    #expect(
      try message("kubernetes: {annotations: {}}") == """
        pi1.yaml:6:16: Node.spec.kubernetes: unknown key "annotations"
            kubernetes: {annotations: {}}
                         ^
          = known here: labels, taints
        """
    )
  }

  @Test("a value of another type says what is expected and what stands there")
  func wrongType() throws {
    #expect(
      try message("sysctl: [1]") == """
        pi1.yaml:6:11: Node.spec.sysctl: expected a mapping, found a list
            sysctl: [1]
                    ^
        """
    )
    #expect(try message("files: {}").contains("Node.spec.files: expected a list, found a mapping"))
    #expect(
      try message("host: {minimumFreeSpace: many}").contains(
        "Node.spec.host.minimumFreeSpace: expected a whole number, found a string"
      )
    )
    #expect(
      try message("services: {ssh: {enabled: \"true\"}}").contains(
        "Node.spec.services.ssh.enabled: expected true or false, found a string"
      )
    )
    #expect(try message("arch: null").contains("Node.spec.arch: expected arm64 or amd64, found null"))
  }

  @Test("an octal mode without quotes asks for the quotes")
  func octalMode() throws {
    #expect(
      try message("files: [{path: /etc/motd, content: hi, mode: 0644}]") == """
        pi1.yaml:6:48: Node.spec.files[0].mode: expected a file mode in quotes, such as "0644", found an integer
            files: [{path: /etc/motd, content: hi, mode: 0644}]
                                                         ^
          = YAML reads a bare 0644 as an integer: write "0644"
        """
    )
  }

  @Test("a word that is none of the choices names them, and the nearest")
  func wrongChoice() throws {
    #expect(
      try message("arch: arm46") == """
        pi1.yaml:6:9: Node.spec.arch: "arm46" is none of arm64, amd64
            arch: arm46
                  ^
          = did you mean "arm64"?
        """
    )
  }

  @Test("a value that may have several shapes names them all")
  func noShape() throws {
    #expect(
      try message("packages: {vim: 9}").contains(
        "expected a mapping of version, hold, or \"present\" or \"absent\", found an integer"
      )
    )
  }

  @Test("a duration is quoted back with how one is written")
  func wrongDuration() throws {
    let text = try message("boot: {rebootDeadline: ten minutes}")
    #expect(text.contains("Node.spec.boot.rebootDeadline: \"ten minutes\" is not a duration"))
    #expect(text.hasSuffix("= write 90s, 5m or 1h30m"))
  }

  @Test("a number outside its range names the range")
  func outOfRange() throws {
    #expect(try message("ssh: {port: 70000}").contains("Node.spec.ssh.port: 70000 is outside 1 to 65535"))
  }

  @Test("text that breaks its rule is quoted with what is wrong and what is expected")
  func brokenRule() throws {
    #expect(
      try message("hostKeys: [AAAAC3Nz]").contains(
        "Node.spec.hostKeys[0]: \"AAAAC3Nz\" is no \"TYPE BASE64\"; expected a host key such as \"ssh-ed25519 AAAA…\""
      )
    )
    #expect(
      try message("files: [{path: /etc/../motd, content: hi}]").contains(
        "\"/etc/../motd\" is not in its simplest form; expected an absolute path"
      )
    )
  }

  @Test("a key that breaks its rule is marked where it stands")
  func brokenKey() throws {
    #expect(
      try message("packages: {Vim: present}") == """
        pi1.yaml:6:14: Node.spec.packages: "Vim" starts with "V"; expected a Debian package name
            packages: {Vim: present}
                       ^
        """
    )
  }

  @Test("an entry that stands twice in a set names the first")
  func twiceInSet() throws {
    #expect(
      try message("modules: [overlay, overlay]") == """
        pi1.yaml:6:22: Node.spec.modules: "overlay" stands twice; first in line 6
            modules: [overlay, overlay]
                               ^
        """
    )
  }

  @Test("a path that stands twice in one list of files is one mistake")
  func twiceInMap() throws {
    #expect(
      try message("files: [{path: /etc/motd, content: a}, {path: /etc/motd, content: b}]").contains(
        "Node.spec.files: \"/etc/motd\" stands twice; first in line 6"
      )
    )
  }

  @Test("a missing key is explained at its mapping")
  func missingKey() throws {
    #expect(
      try message("files: [{content: hi}]") == """
        pi1.yaml:6:11: Node.spec.files[0]: "path" is missing
            files: [{content: hi}]
                    ^
          = Where the file is on the node.
        """
    )
  }

  @Test("a secret that is written out is refused without being shown")
  func writtenSecret() {
    let k3s = "{k3s: {version: v1.33.4+k3s1, source: {directory: /srv/k3s}, token: hunter2hunter2}}"
    let messages = InventoryText.decode(InventoryText.fleet(k3s)).messages
    #expect(messages.count == 1)
    #expect(messages.first?.contains("Fleet.spec.k3s.token: a secret is named here, never written") == true)
    #expect(messages.first?.contains("= name it here, \"{secret: NAME}\"") == true)
  }

  @Test("all mistakes of one run are reported at once, in the order of the files")
  func allAtOnce() {
    let messages = InventoryText.decode(files: [
      "b.yaml": InventoryText.node("pi2", address: "192.0.2.2", spec: "rol: agent, arch: arm32, ssh: {port: 0}"),
      "a.yaml": InventoryText.fleet("{profils: [base], ssh: {user: Root}}"),
      "c.yaml": "kind: Node: broken\n",
    ]).messages
    let places = messages.map { $0.prefix { $0 != " " } }
    #expect(
      places == [
        "a.yaml:4:8:", "a.yaml:4:37:", "b.yaml:4:28:", "b.yaml:4:46:", "b.yaml:4:65:", "c.yaml:1:11:",
      ]
    )
  }

  @Test("a message shows no control code of the file and no end of it", arguments: ["\\e[2J", "\\u202e", "\\n"])
  func hostileText(_ escape: String) throws {
    let long = String(repeating: "x", count: 900)
    for line in ["\"\(escape)\(long)\": 1", "role: \"\(escape)\(long)\"", "services: {\"a\(escape)\": {enabled: 1}}"] {
      let text = InventoryText.decode(
        InventoryText.fleet,
        "apiVersion: fleetd/v1\nkind: Node\nmetadata: {name: pi1}\nspec:\n  address: a\n  \(line)\n"
      ).messages.joined()
      #expect(!text.isEmpty && text.utf8.count < 4000)
      #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x202E) })
      #expect(text.split(separator: "\n").filter { $0.hasPrefix("fleet.yaml:") }.count <= 2)
    }
  }
}
