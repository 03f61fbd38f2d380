import Testing

@Suite("updates", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct UpdatesTests {
  private static let file = "/etc/apt/apt.conf.d/52fleetd-updates"

  @Test("hold: the distribution's settings are overridden, and the second check is in sync", .timeLimit(.sharedNodes))
  func hold() async throws {
    try await NodePool.lease { node in
      try await node.run(#"echo 'APT::Periodic::Unattended-Upgrade "1";' > /etc/apt/apt.conf.d/20auto-upgrades"#)
      let fleet = try TestFleet([node], spec: "updates: {security: hold}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["add updates \(Self.file)"])
      #expect(try await node.effective("APT::Periodic::Unattended-Upgrade") == "0")
      let second = try await fleet.check()
      #expect(second.code == 0 && second.changes(of: node) == [], "\(second.summary)")

      // Somebody's edit is put right again.
      try await node.run("echo >> \(Self.file)")
      let edited = try await fleet.once()
      #expect(edited.code == 0 && edited.changes(of: node) == ["change updates \(Self.file)"], "\(edited.summary)")
      try await node.expectNoLeftovers()
    }
  }

  @Test("auto: security only, by timers that run; what the distribution allowed besides is taken away")
  func auto() async throws {
    try await NodePool.lease { node in
      try await node.installStandIn()
      let fleet = try TestFleet([node], spec: #"updates: {security: auto}"#)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(
        run.changes(of: node) == [
          "add updates \(Self.file)", "change updates apt-daily-upgrade.timer", "act updates apt-daily-upgrade.timer",
          "change updates apt-daily.timer", "act updates apt-daily.timer",
        ])
      #expect(try await node.effective("Unattended-Upgrade::Automatic-Reboot") == "false")
      let dump = try await node.run("apt-config dump Unattended-Upgrade")
      #expect(!dump.contains("label=Debian\"") && dump.contains("label=Debian-Security"))
      #expect(try await node.holds("systemctl is-active apt-daily.timer apt-daily-upgrade.timer"))
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("auto is blocked where a timer is masked, and where no source has the package", .timeLimit(.sharedNodes))
  func blocked() async throws {
    try await NodePool.lease { node in
      try await node.run("systemctl mask apt-daily-upgrade.timer")
      let fleet = try TestFleet([node], spec: "updates: {security: auto}")
      let run = try await fleet.check()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.plan(of: node)?.findings.map(\.reason).contains("unit-not-found") == true, "\(run.summary)")
      let once = try await fleet.once()
      #expect(once.code == 1, "\(once.summary)")
      #expect(once.result(of: node)?.failure?.message.contains("unattended-upgrades") == true, "\(once.summary)")
    }
  }

  @Test("a reboot that updates ask for is noted; planned, it is made once", .timeLimit(.sharedNodes))
  func reboot() async throws {
    try await NodePool.lease { node in
      try await node.run("echo libc6 > /run/reboot-required.pkgs; : > /run/reboot-required")
      let boot = try await node.bootID()
      let fleet = try TestFleet([node], spec: "updates: {}")
      let noted = try await fleet.once()
      #expect(noted.code == 0, "\(noted.summary)")
      #expect(noted.plan(of: node)?.findings.map(\.reason) == ["reboot-required"])
      #expect(try await node.bootID() == boot)

      try fleet.write(spec: "updates: {reboot: planned}")
      let planned = try await fleet.once()
      #expect(planned.code == 0 && planned.changes(of: node) == ["act reboot "], "\(planned.summary)")
      #expect(try await node.bootID() != boot)
      let after = try await fleet.check()
      #expect(after.code == 0 && after.changes(of: node) == [], "\(after.summary)")
      try await node.expectNoLeftovers()
    }
  }
}

extension LabNode {
  /// What apt makes of all its files together.
  fileprivate func effective(_ key: String) async throws -> String {
    try await run("eval \"$(apt-config shell value \(key))\"; printf %s \"$value\"")
  }

  /// A package of the name, and what Debian's configures: the lab's repository does not have it.
  fileprivate func installStandIn() async throws {
    try await run(
      #"""
      mkdir -p /root/p/DEBIAN && cd /root
      printf '%s\n' 'Package: unattended-upgrades' 'Version: 2.9.1' 'Architecture: all' 'Maintainer: lab <lab@localhost>' \
        'Description: stand-in' > p/DEBIAN/control
      dpkg-deb --build p p.deb > /dev/null && dpkg -i p.deb > /dev/null || exit 1
      cat > /etc/apt/apt.conf.d/50unattended-upgrades <<'END'
      Unattended-Upgrade::Automatic-Reboot "true";
      Unattended-Upgrade::Origins-Pattern { "origin=Debian,codename=${distro_codename},label=Debian"; };
      END
      """#)
  }
}
