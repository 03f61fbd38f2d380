import Foundation
import Testing

@Suite("hostile values in the inventory", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct HostileValueTests {
  /// Where anything that is executed would leave a trace, on a node or here.
  private static let trace = "/tmp/fleetd-pwned"
  private static let command = "$(touch${IFS}\(trace))"

  /// Where no tool could take the value as it is.
  private static let invalid = [
    #"files: [{path: "etc/relative", content: x}]"#,
    #"files: [{path: "/etc/../root/.profile", content: x}]"#,
    #"files: [{path: "/etc/two\nlines", content: x}]"#,
    #"files: [{path: "/etc/tab\tin", content: x}]"#,
    #"files: [{path: "/etc/escape\e[2J", content: x}]"#,
    #"files: [{path: /etc/x, content: x, owner: "root;\#(command)"}]"#,
    #"files: [{path: /etc/x, content: x, group: "-R"}]"#,
    #"files: [{path: /etc/x, content: x, mode: "a+s"}]"#,
    #"files: [{path: /etc/x, content: x, notify: "\#(command)"}]"#,
    #"files: [{path: /etc/x, content: x, validate: ["touch /tmp/fleetd-pwned"]}]"#,
    #"services: {"\#(command)": {state: started}}"#,
    #"services: {"x; touch /tmp/fleetd-pwned": {state: started}}"#,
    #"services: {"--force": {state: stopped}}"#,
    #"services: {"../../tmp/x": {state: started}}"#,
    #"sysctl: {"net.\#(command)": 1}"#,
    #"sysctl: {"net.../../../etc/passwd": 1}"#,
    #"sysctl: {"-w": 1}"#,
    #"sysctl: {net.ipv4.ip_forward: "1\nkernel.core_pattern = |/bin/sh"}"#,
    #"packages: {"jq;\#(command)": present}"#,
    #"packages: {"-oAPT::Update::Pre-Invoke::=touch /tmp/fleetd-pwned": present}"#,
    #"packages: {jq: {version: "\#(command)"}}"#,
    #"packages: {jq: {version: "--allow-downgrades"}}"#,
    #"host: {hostname: "a\#(command)"}"#,
    #"host: {hostname: "-a"}"#,
    #"host: {hostname: "größe"}"#,
    #"boot: {cmdline: {present: ["two words"]}}"#,
    #"boot: {cmdline: {present: ["line\nbreak"]}}"#,
    #"boot: {cmdline: {present: ["quo\"te"]}}"#,
    #"boot: {cgroups: ["\#(command)"]}"#,
    #"boot: {rebootDeadline: "\#(command)"}"#,
  ]

  @Test("what no tool could take literally is a diagnostic with its place", arguments: invalid)
  func diagnosed(_ spec: String) async throws {
    let run = try await TestFleet([Self.nobody], spec: spec).once()
    try Self.expectDiagnostic(run)
  }

  @Test(
    "and so it is in a node's own document",
    arguments: [
      #"kubernetes: {labels: {rack: "\#(command)"}}"#,
      #"kubernetes: {labels: {"\#(command)": a}}"#,
      #"kubernetes: {taints: ["a=\#(command):NoSchedule"]}"#,
      #"ssh: {user: "-lroot"}"#,
      #"ssh: {user: "\#(command)"}"#,
      #"profiles: ["../../etc"]"#,
    ])
  func diagnosedInNode(_ keys: String) async throws {
    try Self.expectDiagnostic(try await TestFleet([Self.nobody], spec: "{}", node: [Self.nobody.name: keys]).once())
  }

  @Test("an address is no option and no command", arguments: ["-oProxyCommand=touch /tmp/fleetd-pwned", command])
  func address(_ address: String) async throws {
    let node = LabNode(name: "nobody", address: "\"\(address)\"", hostKey: Self.nobody.hostKey, identityFile: "/none")
    try Self.expectDiagnostic(try await TestFleet([node], spec: "{}").once())
  }

  /// Names that a file may have.
  private static let names = [
    "$(touch fleetd-pwned)", "`touch fleetd-pwned`", "-rf", "--help", "a;b & c | d > e",
    "it's \"quoted\"", "back\\slash\\n", "*", "[a-z]?", " blanks ", "größe 大小 🥧", "%s %d", "~", "#", "é",
  ]

  @Test("what can be taken literally is: as a path, as content, as an argument, as a kernel parameter")
  func literal() async throws {
    try await NodePool.lease { node in
      let content = "$(touch \(Self.trace))\n`touch \(Self.trace)`\r\n'\"\\\n\u{1B}[31m größe 大小\n-n\n%s\n\nEOF\nUNDO"
      let files = try Self.names.map { name in
        "  - {path: \(try Self.quoted("/etc/odd/\(name)/\(name)")), content: \(try Self.quoted(content)), "
          + #"validate: [sh, -c, "exit 0", "\#(Self.command)", "%s", "; touch /tmp/fleetd-pwned"]}"#
      }
      let spec = """
        boot: {cmdline: {present: ["x=\(Self.command)", "y=`z`", "z=a;b"]}, rebootDeadline: 60s}
        files:
        \(files.joined(separator: "\n"))
        """
      let fleet = try TestFleet([node], spec: spec)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      let listed = try await node.run("find /etc/odd -type f -print0 | sort -z").split(separator: "\0").map(String.init)
      #expect(Set(listed) == Set(Self.names.map { "/etc/odd/\($0)/\($0)" }))
      let digests = try await node.run("find /etc/odd -type f -exec sha256sum -z -- {} + | cut -zc1-64 | sort -zu")
      #expect(digests.split(separator: "\0").count == 1)
      #expect(try await node.run("cat '/etc/odd/-rf/-rf'") == content)
      #expect(try await node.run("cat /proc/cmdline").contains(" x=\(Self.command) y=`z` z=a;b"))
      #expect(try await fleet.check().code == 0)

      try fleet.write(
        spec: try "files:\n"
          + Self.names.map { "  - {path: \(try Self.quoted("/etc/odd/\($0)/\($0)")), state: absent}" }.joined(
            separator: "\n"))
      let removal = try await fleet.once()
      #expect(removal.code == 0, "\(removal.summary)")
      #expect(try await node.run("find /etc/odd -type f").isEmpty)
      #expect(try await node.run("find / /run /tmp /boot/firmware -xdev -name fleetd-pwned").isEmpty)
      #expect(!FileManager.default.fileExists(atPath: Self.trace))
      try await node.expectNoLeftovers()
    }
  }

  @Test("a sysctl value is written as it is, and the kernel has the last word")
  func sysctlValue() async throws {
    try await NodePool.lease { node in
      let value = "$(touch \(Self.trace)); `touch \(Self.trace)`"
      let fleet = try TestFleet([node], spec: #"sysctl: {net.ipv4.tcp_congestion_control: "\#(value)"}"#)
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.message.contains(value) == true, "\(run.summary)")
      #expect(try await node.run("cat /etc/sysctl.d/zz-fleetd.conf").contains("= \(value)\n"))
      #expect(try await node.holds("test ! -e \(Self.trace)"))
    }
  }

  /// Nobody is asked: what is wrong is found before.
  private static let nobody = LabNode(
    name: "nobody", address: "192.0.2.1", hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA", identityFile: "/none")

  private static func expectDiagnostic(_ run: Run) throws {
    #expect(run.code == 1, "\(run.summary)")
    #expect(run.output.text.isEmpty)
    #expect(run.output.errors.contains(#/inventory/fleet\.yaml:\d+:\d+: /#), "\(run.summary)")
    #expect(run.output.errors.contains("nothing was done"))
    #expect(run.output.errors.controlCodes.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: trace))
  }

  /// As a YAML string in double quotes: JSON is YAML.
  private static func quoted(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }
}
