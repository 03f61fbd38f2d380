import Testing

@Suite("services", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct ServiceTests {
  @Test("units that a package and a file of the same run bring are enabled and started, all in one run")
  func sameRun() async throws {
    try await NodePool.lease { node in
      // Debian's way to keep packages from starting what they bring: it is left to fleetd.
      try await node.run("printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d")
      let unit = "[Service]\\nExecStart=sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n"
      let fleet = try TestFleet(
        [node],
        spec: """
          packages: {fleet-daemon: present}
          files: [{path: /etc/systemd/system/own.service, content: "\(unit)"}]
          services: {fleet-daemon: {enabled: true, state: started}, own: {enabled: true, state: started}}
          """)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      for unit in ["fleet-daemon", "own"] {
        #expect(run.changes(of: node).contains("act service \(unit).service"))
        #expect(try await node.holds("systemctl is-active -q \(unit) && systemctl is-enabled -q \(unit)"))
      }
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("a unit that a package of the same run starts is stopped and disabled, all in one run")
  func broughtUnwanted() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node],
        spec: """
          packages: {fleet-daemon: present}
          services: {fleet-daemon: {enabled: false, state: stopped}, nowhere: {enabled: false, state: stopped}}
          """)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await node.holds("! systemctl is-active -q fleet-daemon && ! systemctl is-enabled -q fleet-daemon"))
      #expect(try await node.holds("systemctl cat fleet-daemon"))
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("a running unit is stopped and disabled, and started and enabled again")
  func bothWays() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        printf '[Service]\\nExecStart=sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' \
          > /etc/systemd/system/worker.service
        systemctl daemon-reload && systemctl enable --now worker
        """)
      let fleet = try TestFleet([node], spec: "services: {worker: {enabled: false, state: stopped}}")
      let stop = try await fleet.once()
      #expect(stop.code == 0, "\(stop.summary)")
      #expect(try await node.holds("! systemctl is-active --quiet worker && ! systemctl is-enabled --quiet worker"))

      try fleet.write(spec: "services: {worker: {enabled: true, state: started}}")
      let start = try await fleet.once()
      #expect(start.code == 0, "\(start.summary)")
      #expect(try await node.holds("systemctl is-active --quiet worker && systemctl is-enabled --quiet worker"))

      // Somebody's kill -9 is drift like any other.
      try await node.run("systemctl kill --signal=KILL worker")
      try await node.await("! systemctl is-active --quiet worker")
      let again = try await fleet.once()
      #expect(again.code == 0, "\(again.summary)")
      #expect(again.changes(of: node) == ["act service worker.service"])
      #expect(try await node.holds("systemctl is-active --quiet worker"))
    }
  }

  @Test("a unit that does not exist is stopped and disabled, and cannot be started")
  func missing() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "services: {nowhere: {enabled: false, state: stopped}}")
      #expect(try await fleet.check().code == 0)
      try fleet.write(spec: "services: {nowhere: {state: started}}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.plan(of: node)?.findings.map(\.reason) == ["unit-not-found"])
    }
  }

  @Test("a masked unit is not unmasked behind somebody's back")
  func masked() async throws {
    try await NodePool.lease { node in
      try await node.run("systemctl mask bluetooth")
      let fleet = try TestFleet([node], spec: "services: {bluetooth: {enabled: true, state: started}}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.plan(of: node)?.findings.first?.message.contains("bluetooth.service is masked") == true)
      #expect(try await node.run("systemctl is-enabled bluetooth || true") == "masked\n")

      try await node.run("systemctl stop bluetooth")
      try fleet.write(spec: "services: {bluetooth: {enabled: false, state: stopped}}")
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("a unit that dies after its start is a failure that holds the end of its journal")
  func crasher() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node], spec: "packages: {fleet-daemon: present}\nservices: {fleet-crasher: {state: started}}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.step == "systemd units")
      #expect(failure.message.contains("fleet-crasher.service died within seconds of its start"), "\(failure)")
      #expect(failure.message.contains("Main process exited, code=exited, status=1/FAILURE"), "\(failure)")

      // It is drift until it runs or is wanted no more.
      let check = try await fleet.check()
      #expect(check.code == 2, "\(check.summary)")
    }
  }

  @Test("a unit that reads a broken file does not start, and says why")
  func brokenConfiguration() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node],
        spec: """
          packages: {fleet-daemon: present}
          files: [{path: /etc/fleet-daemon.conf, content: "NOTHING=1\\n", notify: fleet-daemon}]
          services: {fleet-daemon: {state: started}}
          """)
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.message.contains("/etc/fleet-daemon.conf sets no GREETING"), "\(failure)")

      try fleet.write(
        spec: """
          packages: {fleet-daemon: present}
          files: [{path: /etc/fleet-daemon.conf, content: "GREETING=hello\\n", notify: fleet-daemon}]
          services: {fleet-daemon: {state: started}}
          """)
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      #expect(try await node.run("cat /run/fleet-daemon/greeting") == "hello\n")
      try await node.expectNoLeftovers()
    }
  }
}
