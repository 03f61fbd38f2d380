import Foundation
import Testing

@Suite("boot", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct BootTests {
  private static let file = "/boot/firmware/cmdline.txt"
  private static let memory = """
    boot:
      cmdline: {present: [cgroup_memory=1, cgroup_enable=memory], absent: [quiet]}
      cgroups: [cpu, cpuset, memory, pids]
    """

  @Test("the command line is edited token by token, and after one reboot the memory controller is live")
  func edit() async throws {
    try await NodePool.lease { node in
      let line = try await node.commandLine()
      try await node.run("printf 'quiet odd=\"1\" %s\\na second line\\n' '\(line)' > \(Self.file)")
      let before = try await node.run("cat \(Self.file)")
      let decoy = try await node.run("sha256sum /boot/cmdline.txt; stat -c %y /boot/cmdline.txt")
      let boot = try await node.bootID()

      let fleet = try TestFleet([node], spec: Self.memory)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["change boot cmdline", "act reboot "])

      let after = "odd=\"1\" \(line) cgroup_memory=1 cgroup_enable=memory\n"
      #expect(try await node.run("cat \(Self.file)") == after)
      #expect(try await node.run("cat \(Self.file).fleetd-backup") == before)
      #expect(try await node.run("sha256sum /boot/cmdline.txt; stat -c %y /boot/cmdline.txt") == decoy)
      #expect(try await node.bootID() != boot)
      #expect(try await node.holds("grep -qw memory /sys/fs/cgroup/cgroup.controllers"))
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("a second line, which no kernel reads, is dropped without a reboot")
  func secondLine() async throws {
    try await NodePool.lease { node in
      let line = try await node.commandLine()
      try await node.run("echo 'console=tty1' >> \(Self.file)")
      let boot = try await node.bootID()
      let fleet = try TestFleet([node], spec: "boot: {cmdline: {absent: [quiet]}}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await node.run("cat \(Self.file)") == line + "\n")
      #expect(try await node.bootID() == boot)
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("a node whose firmware reads another file is blocked after one reboot, and rebooted no more")
  func otherFile() async throws {
    try await NodePool.lease { node in
      // While the node is down its firmware finds the file as it was; while it is up there is the edited one.
      try await node.atShutdown(
        "cp \(Self.file) /root/edited; cp /root/original \(Self.file)", up: "cp /root/edited \(Self.file)")
      try await expectOneReboot(of: node)
      #expect(try await node.holds("grep -q cgroup_enable=memory \(Self.file)"))
    }
  }

  @Test("a node where something restores the file is blocked after one reboot, and rebooted no more")
  func restoredFile() async throws {
    try await NodePool.lease { node in
      try await node.atShutdown("cp /root/original \(Self.file)", up: "true")
      try await expectOneReboot(of: node)
    }
  }

  private func expectOneReboot(of node: LabNode) async throws {
    let boot = try await node.bootID()
    let fleet = try TestFleet([node], spec: Self.memory)
    let first = try await fleet.once()
    #expect(first.code == 1, "\(first.summary)")
    #expect(first.document?.after?.nodes.first?.findings.map(\.reason).contains("reboot-did-not-help") == true)
    let rebooted = try await node.bootID()
    #expect(rebooted != boot)

    let second = try await fleet.once()
    #expect(second.code == 1, "\(second.summary)")
    #expect(second.changes(of: node) == [])
    #expect(try await node.bootID() == rebooted)
  }

  @Test("while the image's first boot is still to come, everything waits")
  func firstBoot() async throws {
    try await NodePool.lease { node in
      let line = try await node.commandLine()
      let original = "\(line) systemd.run=/boot/firmware/firstrun.sh systemd.unit=kernel-command-line.target\n"
      try await node.run("printf %s '\(original)' > \(Self.file)")
      let fleet = try TestFleet([node], spec: Self.memory + "\nfiles: [{path: /etc/early, content: early}]")
      let check = try await fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.result(of: node)?.outcome == "held")
      #expect(run.plan(of: node)?.findings.map(\.reason) == ["first-boot"])
      #expect(try await node.run("cat \(Self.file)") == original)
      #expect(try await node.holds("test ! -e /etc/early"))
    }
  }

  @Test("a node that does not come back within its deadline stops there, and says where to look")
  func neverBack() async throws {
    try await NodePool.lease { node in
      // A Pi's firmware does not boot without root=.
      try await node.atShutdown("echo nothing > \(Self.file)", up: "true")
      let fleet = try TestFleet([node], spec: Self.memory + "\n  rebootDeadline: 8s")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.reason == "reboot-timed-out")
      #expect(failure.step == "reboot")
      #expect(failure.message.hasPrefix("not back within 8s"))
      let check = try await fleet.check()
      #expect(check.code == 3, "\(check.summary)")
    }
  }
}

extension LabNode {
  func bootID() async throws -> String { try await run("cat /proc/sys/kernel/random/boot_id") }

  /// The one line of cmdline.txt.
  func commandLine() async throws -> String {
    try await run("head -n 1 /boot/firmware/cmdline.txt").trimmingCharacters(in: .newlines)
  }

  /// Has `down` run when the node goes down and `up` when it comes up; /root/original is cmdline.txt as it is now.
  func atShutdown(_ down: String, up: String) async throws {
    try await run(
      """
      cp /boot/firmware/cmdline.txt /root/original; cp /root/original /root/edited
      cat > /etc/systemd/system/swap-file.service <<'END'
      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/bin/sh -c '\(up)'
      ExecStop=/bin/sh -c '\(down)'
      [Install]
      WantedBy=sysinit.target
      END
      systemctl daemon-reload && systemctl enable --now swap-file
      """)
  }
}
