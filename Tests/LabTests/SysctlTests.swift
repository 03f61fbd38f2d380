import Testing

@Suite("sysctl", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct SysctlTests {
  private static let file = "/etc/sysctl.d/zz-fleetd.conf"
  private static let spec = #"sysctl: {net.ipv4.ip_forward: 1, net.ipv4.ip_local_port_range: "20000 60000"}"#

  @Test("a parameter is set now and for the next boot; each half is repaired alone, and the plan says which")
  func halves() async throws {
    try await NodePool.lease { node in
      try await node.run("sysctl -q net.ipv4.ip_forward=0 net.ipv4.ip_local_port_range='32768 60999'")
      let fleet = try TestFleet([node], spec: Self.spec)
      let both = try await fleet.once()
      #expect(both.code == 0, "\(both.summary)")
      #expect(try await node.liveValues() == "1\n20000\t60000\n")
      #expect(try await fleet.check().code == 0)

      // The node's own tool reads the file as it is meant.
      try await node.run("sysctl -q net.ipv4.ip_forward=0 && systemctl restart systemd-sysctl")
      #expect(try await node.liveValues() == "1\n20000\t60000\n")

      try await node.run("sysctl -q net.ipv4.ip_forward=0")
      let written = try await node.run("stat -c '%i %y' \(Self.file)")
      let live = try await fleet.once()
      #expect(live.code == 0, "\(live.summary)")
      #expect(live.plan(of: node)?.changes.map(\.note) == ["live only: \(Self.file) is right"])
      #expect(try await node.liveValues() == "1\n20000\t60000\n")
      #expect(try await node.run("stat -c '%i %y' \(Self.file)") == written)

      try await node.run("sed -i /ip_forward/d \(Self.file)")
      let persistent = try await fleet.once()
      #expect(persistent.code == 0, "\(persistent.summary)")
      #expect(persistent.plan(of: node)?.changes.map(\.note) == ["live already; written for the next boot"])
      #expect(try await node.holds("grep -qx 'net.ipv4.ip_forward = 1' \(Self.file)"))
      try await node.expectNoLeftovers()
    }
  }

  @Test("a parameter that is declared no more leaves the file and stays live")
  func undeclared() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      #expect(try await fleet.once().code == 0)
      try fleet.write(spec: "sysctl: {net.ipv4.ip_forward: 1}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["remove sysctl net.ipv4.ip_local_port_range"])
      #expect(try await node.holds("! grep -q port_range \(Self.file)"))
      #expect(try await node.liveValues() == "1\n20000\t60000\n")
    }
  }

  @Test("a key that the kernel does not know is blocked, and the others are set")
  func unknownKey() async throws {
    try await NodePool.lease { node in
      try await node.run("sysctl -q net.ipv4.ip_forward=0")
      let fleet = try TestFleet([node], spec: "sysctl: {net.ipv4.ip_forward: 1, net.ipv4.ip_forwad: 1}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let finding = run.plan(of: node)?.findings.first
      #expect(finding?.reason == "sysctl-unknown")
      #expect(finding?.message.contains("net.ipv4.ip_forwad") == true)
      #expect(try await node.run("cat /proc/sys/net/ipv4/ip_forward") == "1\n")
    }
  }

  @Test("a value that the kernel refuses is a failure that names key and value")
  func refusedValue() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "sysctl: {net.ipv4.ip_local_port_range: many}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.step == "set kernel parameters")
      #expect(failure.message.contains("the kernel refuses net/ipv4/ip_local_port_range = many"), "\(failure)")
    }
  }
}

extension LabNode {
  fileprivate func liveValues() async throws -> String {
    try await run("cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_local_port_range")
  }
}
