import Testing

/// The nodes share the host's kernel: nothing can be loaded here, only found built in or missing.
@Suite("modules", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct ModuleTests {
  private static let file = "/etc/modules-load.d/fleetd.conf"

  @Test("change: modules are written for every boot, before the parameters that they bring; idempotence: once")
  func change() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: "modules: [br-netfilter, overlay]\nsysctl: {net.bridge.bridge-nf-call-iptables: 1}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node).prefix(2) == ["add module br_netfilter", "add module overlay"])
      #expect(try await node.run("tail -n +2 \(Self.file)") == "br_netfilter\noverlay\n")
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("no-op: a node that has them is in sync, and a module that is declared no more leaves the file")
  func stale() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "modules: [overlay, vxlan]")
      #expect(try await fleet.once().code == 0)
      let second = try await fleet.once()
      #expect(second.code == 0 && second.changes(of: node) == [])
      try fleet.write(spec: "modules: [overlay]")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["remove module vxlan"])
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("failure: a module that the kernel does not have is blocked, and the others are written")
  func unknown() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "modules: [overlay, no_such_module]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.plan(of: node)?.findings.map(\.reason) == ["module-unknown"])
      #expect(try await node.holds("grep -qx overlay \(Self.file)"))
    }
  }

  @Test("failure: a module that modprobe.d has replaced is blocked with the command in its place")
  func replaced() async throws {
    try await NodePool.lease { node in
      try await node.run("mkdir -p /etc/modprobe.d; echo 'install pcspkr /bin/false' > /etc/modprobe.d/x.conf")
      let fleet = try TestFleet([node], spec: "modules: [pcspkr]")
      let check = try await fleet.check()
      #expect(check.code == 1, "\(check.summary)")
      #expect(check.plan(of: node)?.findings.first?.message.contains("/bin/false") == true, "\(check.summary)")
    }
  }
}
