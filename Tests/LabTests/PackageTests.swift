import Testing

@Suite("packages", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct PackageTests {
  @Test("versions, patterns, absence and holds come true, and a hold survives an upgrade", .timeLimit(.sharedNodes))
  func versions() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: #"packages: {fleet-demo: {version: "1.0-1", hold: true}, jq: present, dphys-swapfile: absent}"#)
      let first = try await fleet.once()
      #expect(first.code == 0, "\(first.summary)")
      #expect(try await node.version(of: "fleet-demo") == "1.0-1")
      #expect(try await node.version(of: "jq") == "1.6-2.1")
      #expect(try await node.version(of: "dphys-swapfile") == nil)
      #expect(try await node.run("apt-mark showhold") == "fleet-demo\n")

      // What matches stays as it is, though something newer is offered.
      try fleet.write(spec: #"packages: {fleet-demo: {version: "1.*"}}"#)
      let matching = try await fleet.check()
      #expect(matching.code == 0, "\(matching.summary)")

      try fleet.write(spec: #"packages: {fleet-demo: {version: "1.1*"}}"#)
      let upgrade = try await fleet.once()
      #expect(upgrade.code == 0, "\(upgrade.summary)")
      #expect(upgrade.changes(of: node) == ["change package fleet-demo"])
      #expect(try await node.version(of: "fleet-demo") == "1.1-1")
      #expect(try await node.run("apt-mark showhold") == "fleet-demo\n")

      try fleet.write(spec: #"packages: {fleet-demo: {version: "1.0-1", hold: false}}"#)
      let downgrade = try await fleet.once()
      #expect(downgrade.code == 0, "\(downgrade.summary)")
      #expect(downgrade.plan(of: node)?.changes.first?.note?.contains("downgrade") == true)
      #expect(try await node.version(of: "fleet-demo") == "1.0-1")
      #expect(try await node.run("apt-mark showhold").isEmpty)
      try await node.expectNoLeftovers()
    }
  }

  @Test("lists are refreshed when something is installed and they are old, and only then", .timeLimit(.sharedNodes))
  func lists() async throws {
    try await NodePool.lease { node in
      let stamp = "stat -c %y /var/lib/apt/periodic/update-success-stamp"
      let fleet = try TestFleet([node], spec: "packages: {jq: present}")
      #expect(try await fleet.once().code == 0)
      let refreshed = try await node.run(stamp)

      try fleet.write(spec: "packages: {jq: present, watchdog: present}")
      let second = try await fleet.once()
      #expect(second.code == 0, "\(second.summary)")
      #expect(try await node.run(stamp) == refreshed)

      // Old lists alone are no reason.
      try await node.run("touch -d '2 days ago' /var/lib/apt/lists /var/lib/apt/periodic/*")
      let old = try await node.run(stamp)
      #expect(try await fleet.once().code == 0)
      #expect(try await node.run(stamp) == old)

      try fleet.write(spec: "packages: {jq: present, watchdog: present, cryptsetup: present}")
      let third = try await fleet.once()
      #expect(third.code == 0, "\(third.summary)")
      #expect(try await node.run(stamp) != old)
    }
  }

  @Test("a package whose script fails says why, and the version that mends it repairs", .timeLimit(.sharedNodes))
  func failingScript() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: #"packages: {fleet-broken: {version: "1.0-1"}}"#)
      let failed = try await fleet.once()
      #expect(failed.code == 1, "\(failed.summary)")
      let message = try #require(failed.result(of: node)?.failure?.message)
      #expect(message.contains("this version cannot be configured"), "\(message)")
      try await node.expectNoLeftovers()

      try fleet.write(spec: #"packages: {fleet-broken: {version: "1.1-1"}, jq: present}"#)
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      #expect(try await node.version(of: "fleet-broken") == "1.1-1")
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("what a killed dpkg left half done is repaired first", .timeLimit(.sharedNodes))
  func halfDone() async throws {
    try await NodePool.lease { node in
      try await node.run("apt-get -q update && systemd-run --quiet --unit=by-hand apt-get -q -y install fleet-slow")
      try await node.await("dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured")
      try await node.run("systemctl kill --signal=KILL by-hand; systemctl reset-failed by-hand || true")
      #expect(try await node.version(of: "fleet-slow") == nil)

      let fleet = try TestFleet([node], spec: "packages: {jq: present}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node).first == "act package dpkg")
      #expect(try await node.version(of: "fleet-slow") == "1.0-1")
      #expect(try await node.version(of: "jq") == "1.6-2.1")
      try await node.expectNoLeftovers()
    }
  }

  @Test(
    "an installation that would remove another package is refused before anything is touched", .timeLimit(.sharedNodes))
  func wouldRemove() async throws {
    try await NodePool.lease { node in
      try await node.run("apt-get -q update && apt-get -q -y install fleet-demo=1.0-1 fleet-demo-plugin")
      let status = try await node.run("sha256sum /var/lib/dpkg/status")
      let fleet = try TestFleet([node], spec: #"packages: {fleet-demo: {version: "2.0-1"}, jq: present}"#)
      for run in [try await fleet.check(), try await fleet.once()] {
        #expect(run.code == 1, "\(run.summary)")
        let finding = run.plan(of: node)?.findings.first { $0.reason == "package-would-remove" }
        #expect(finding?.severity == "refused")
        #expect(finding?.message.contains("fleet-demo-plugin") == true)
      }
      #expect(try await node.run("sha256sum /var/lib/dpkg/status") == status)
    }
  }

  @Test(
    "what the node or fleetd's way in needs is not removed", .timeLimit(.sharedNodes),
    arguments: ["openssh-server", "sudo"])
  func protected(_ package: String) async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {\(package): absent}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.output.errors.contains(#/inventory/fleet.yaml:\d+:\d+: /#), "\(run.summary)")
      #expect(try await node.version(of: package) != nil)
    }
  }

  @Test("another's apt lock is named, waited for, and the run goes on when it is released", .timeLimit(.sharedNodes))
  func lock() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        cat > /run/locker.py <<'END'
        import fcntl, signal
        open("/proc/self/comm", "w").write("other-apt")
        lock = open("/var/lib/dpkg/lock-frontend", "w")
        fcntl.lockf(lock, fcntl.LOCK_EX)
        open("/run/locker.holds", "w")
        signal.pause()
        END
        systemd-run --quiet --unit=locker /usr/bin/python3 /run/locker.py
        """)
      try await node.await("test -e /run/locker.holds")
      let fleet = try TestFleet([node], spec: "packages: {jq: present}")
      let check = try await fleet.check()
      let note = check.plan(of: node)?.findings.first { $0.reason == "apt-locked" }
      #expect(note?.message.contains("other-apt") == true, "\(check.summary)")

      async let run = fleet.once()
      try await node.await("grep -q 'Could not get lock' /run/fleetd/apt.log")
      #expect(try await node.version(of: "jq") == nil)
      try await node.run("systemctl stop locker")
      let result = try await run
      #expect(result.code == 0, "\(result.summary)")
      #expect(try await node.version(of: "jq") == "1.6-2.1")
      try await node.expectNoLeftovers()
    }
  }
}

extension LabNode {
  /// `nil`: not installed, or not wholly.
  func version(of package: String) async throws -> String? {
    let row = try await attempt("dpkg-query -W -f='${db:Status-Status} ${Version}' \(package)").text.split(
      separator: " ")
    return row.count == 2 && row[0] == "installed" ? String(row[1]) : nil
  }
}
