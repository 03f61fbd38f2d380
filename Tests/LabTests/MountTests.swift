import Testing

@Suite("mounts", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct MountTests {
  private static let entry = "{path: /mnt/ram, device: tmpfs, type: tmpfs, options: [size=8M, noexec, mode=0755]}"

  @Test("change, no-op, idempotence: it is mounted now and at the next boot; each half is repaired alone")
  func lifecycle() async throws {
    try await NodePool.lease { node in
      try await node.run("printf '# mine\\nproc /proc proc defaults 0 0' > /etc/fstab")
      let fleet = try TestFleet([node], spec: "mounts: [\(Self.entry)]\ndirectories: [{path: /mnt/ram/in}]")
      let added = try await fleet.once()
      #expect(added.code == 0, "\(added.summary)")
      #expect(
        added.changes(of: node) == ["add mount /mnt/ram fstab", "act mount /mnt/ram", "add directory /mnt/ram/in"])
      #expect(
        try await node.run("cat /etc/fstab")
          == "# mine\nproc /proc proc defaults 0 0\ntmpfs /mnt/ram tmpfs size=8M,noexec,mode=0755 0 0\n")
      #expect(try await node.holds("grep -q '^tmpfs /mnt/ram tmpfs .*noexec.*size=8192k' /proc/mounts"))
      // What is declared below it is in it.
      #expect(try await node.holds("mountpoint -q /mnt/ram && test -d /mnt/ram/in"))
      let second = try await fleet.once()
      #expect(second.code == 0 && second.changes(of: node).isEmpty, "\(second.summary)")

      // systemd reads the line as it is meant.
      try await node.run("umount /mnt/ram && systemctl start mnt-ram.mount && mkdir /mnt/ram/in")
      #expect(try await fleet.check().code == 0)
      try await node.run("mount -o remount,exec,size=4M /mnt/ram")
      let live = try await fleet.once()
      #expect(live.code == 0, "\(live.summary)")
      #expect(live.plan(of: node)?.changes.map(\.note) == ["remount: noexec, size=8M instead of size=4096k"])
      try await node.run("sed -i '/mnt.ram/d' /etc/fstab")
      #expect(try await fleet.once().changes(of: node) == ["add mount /mnt/ram fstab"])

      try fleet.write(spec: "mounts: [{path: /mnt/ram, state: absent}]")
      let removed = try await fleet.once()
      #expect(removed.code == 0, "\(removed.summary)")
      #expect(try await node.run("cat /etc/fstab") == "# mine\nproc /proc proc defaults 0 0\n")
      #expect(try await node.holds("! mountpoint -q /mnt/ram"))
      try await node.expectNoLeftovers()
    }
  }

  @Test("failure: what cannot be mounted is told in mount's words, and no boot is promised it")
  func cannotMount() async throws {
    try await NodePool.lease { node in
      let before = try await node.run("sha256sum /etc/fstab")
      let fleet = try TestFleet(
        [node], spec: "mounts: [{path: /mnt/x, device: none, type: no-such-type, options: [nofail]}]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.message.hasPrefix("mount none at /mnt/x: mount: /mnt/x: "), "\(failure)")
      #expect(try await node.run("sha256sum /etc/fstab") == before)
    }
  }

  @Test("failure: a device that is not there blocks; with nofail the next boot may still find it")
  func missingDevice() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "mounts: [{path: /mnt/x, device: UUID=1-2, type: ext4}]")
      let strict = try await fleet.once()
      #expect(strict.code == 1 && strict.changes(of: node).isEmpty, "\(strict.summary)")
      #expect(strict.plan(of: node)?.findings.first?.reason == "device-not-found")
      try fleet.write(spec: "mounts: [{path: /mnt/x, device: UUID=1-2, type: ext4, options: [nofail]}]")
      let lenient = try await fleet.once()
      #expect(lenient.changes(of: node) == ["add mount /mnt/x fstab"])
      #expect(try await node.holds("grep -qx 'UUID=1-2 /mnt/x ext4 nofail 0 0' /etc/fstab"))
    }
  }

  @Test("failure: what is in use is not unmounted by force, and who uses it is named")
  func busy() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "mounts: [\(Self.entry)]")
      #expect(try await fleet.once().code == 0)
      try await node.run("systemd-run --quiet --unit=user --working-directory=/mnt/ram sleep infinity")
      try fleet.write(spec: "mounts: [{path: /mnt/ram, state: absent}]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.message.contains("umount /mnt/ram: it is in use by: sleep ("), "\(failure)")
      // The next boot is rid of it already.
      #expect(try await node.holds("! grep -q ram /etc/fstab"))
      try await node.run("systemctl stop user")
      #expect(try await fleet.once().code == 0)
      #expect(try await node.holds("! mountpoint -q /mnt/ram"))
    }
  }
}
