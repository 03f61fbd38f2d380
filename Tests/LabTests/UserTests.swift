import Testing

@Suite("users", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct UserTests {
  private static let alice = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKZ9OPe0ryc2MlSV4FqAzcvpGJ/sefw7MmppNc7bFr+C alice"
  private static let bob = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUlIGKwlM9SvQhbIVcBI7FoWNZ60G7mBWr/qejtnk7z bob"
  private static let keysOfAlice = "authorizedKeys: {exclusive: true, keys: [\"\(alice)\"]}"
  /// What crypt(3) makes of "geheim".
  private static let hash =
    "$6$abcdefgh$msgktWxVAbjjh3X7lA5LaM7dS/ZfABJL6T4qcRsnjcOTj0kptUvZcrvrXIoO5fgPA9xz6UnF2To2Y7jGc/IZY/"

  @Test("change, no-op, idempotence: an account is made, changed and removed; a second run changes nothing")
  func lifecycle() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet(
        [node],
        spec: "users: {alice: {groups: [video], comment: Alice, password: {secret: other}, \(Self.keysOfAlice)}}")
      try fleet.secret("other", Self.hash)
      let added = try await fleet.once()
      #expect(added.code == 0, "\(added.summary)")
      #expect(
        added.changes(of: node) == [
          "add user alice", "change user alice password", "change user alice authorized_keys",
        ])
      #expect(!added.output.text.contains("msgktWx") && !added.output.errors.contains("msgktWx"))
      #expect(try await node.run("cat ~alice/.ssh/authorized_keys") == Self.alice + "\n")
      #expect(try await node.status(of: "/home/alice/.ssh/authorized_keys") == "600 alice:alice")
      #expect(
        try await node.run("id -nG alice; getent passwd alice | cut -d: -f5,7") == "alice video\nAlice:/bin/bash\n")
      #expect(try await node.holds("grep -qF 'alice:\(Self.hash):' /etc/shadow"))
      let second = try await fleet.once()
      #expect(second.code == 0 && second.changes(of: node).isEmpty, "\(second.summary)")

      try await node.run(
        "echo '\(Self.bob)' >> ~alice/.ssh/authorized_keys && usermod -s /bin/sh alice && gpasswd -d alice video")
      try fleet.write(
        spec: "users: {alice: {shell: /bin/bash, groups: [video], password: locked, \(Self.keysOfAlice)}}")
      let mended = try await fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      #expect(
        mended.changes(of: node) == [
          "change user alice shell", "add user alice groups", "change user alice password",
          "change user alice authorized_keys",
        ])
      #expect(try await node.run("cat ~alice/.ssh/authorized_keys") == Self.alice + "\n")

      try fleet.write(spec: "users: {alice: {state: absent}}")
      #expect(try await fleet.once().changes(of: node) == ["remove user alice"])
      #expect(try await node.holds("! getent passwd alice && test -d /home/alice"))
      #expect(try await fleet.check().code == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("an account's links and pipes in its own home lead neither the probe nor root anywhere")
  func hostileHome() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        useradd -m -s /bin/sh mallory && echo victim > /etc/victim && chmod 0600 /etc/victim
        su mallory -c 'mkdir ~/.ssh && ln -s /etc/victim ~/.ssh/authorized_keys && ln -s /etc/victim \
        ~/.ssh/.authorized_keys.fleetd-new'
        """)
      let spec = Self.keysOfAlice
      let fleet = try TestFleet([node], spec: "users: {mallory: {\(spec)}}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(!run.output.text.contains("victim"))
      #expect(try await node.run("cat /etc/victim; stat -c '%a %U' /etc/victim") == "victim\n600 root\n")
      #expect(try await node.run("cat ~mallory/.ssh/authorized_keys") == Self.alice + "\n")

      // A pipe that nobody writes to must not keep the probe waiting; a directory of root's is not the account's to fill.
      try await node.run("cd ~mallory/.ssh && rm authorized_keys && mkfifo authorized_keys")
      #expect(try await fleet.once().code == 0)
      try await node.run("mkdir /etc/secret && cd ~mallory && rm -r .ssh && ln -s /etc/secret .ssh")
      let refused = try await fleet.once()
      #expect(refused.code == 1, "\(refused.summary)")
      #expect(refused.result(of: node)?.failure?.message.contains("does not belong to its account") == true)
      #expect(try await node.run("ls -A /etc/secret; stat -c %a /etc/secret") == "755\n")
    }
  }

  @Test("failure: an account that is in use is not removed, and the processes are named")
  func inUse() async throws {
    try await NodePool.lease { node in
      try await node.run(
        "useradd -m busy && systemd-run --quiet --uid=busy --unit=busy sleep infinity")
      let fleet = try TestFleet([node], spec: "users: {busy: {state: absent}}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.result(of: node)?.failure)
      #expect(failure.reason == "node-busy" && failure.message.hasPrefix("busy is in use by: sleep ("), "\(failure)")
      try await node.run("systemctl stop busy")
      #expect(try await fleet.once().code == 0)
      #expect(try await node.holds("! getent passwd busy"))
    }
  }

  @Test("failure: fleetd's own account is not removed, locked or shut out, and nothing of it is touched")
  func accountInUse() async throws {
    try await NodePool.lease { node in
      let databases = "sha256sum /etc/passwd /etc/shadow /etc/group /home/fleet/.ssh/authorized_keys"
      try await node.run("echo 'fleet:\(Self.hash)' | chpasswd -e")
      let before = try await node.run(databases)
      for wish in ["state: absent", "password: locked", "shell: /usr/sbin/nologin", "home: /srv/fleet"] {
        let fleet = try TestFleet([node], spec: "users: {fleet: {\(wish)}}")
        let run = try await fleet.once()
        #expect(run.code == 1, "\(wish): \(run.summary)")
        #expect(run.plan(of: node)?.findings.map(\.reason) == ["account-in-use"], "\(wish)")
      }
      #expect(try await node.run(databases) == before)
    }
  }

  @Test(
    "failure: taking fleetd's own key away is found by a new login, and undone by the node", .timeLimit(.sharedNodes))
  func ownKey() async throws {
    try await NodePool.lease { node in
      let before = try await node.run(
        "cat /home/fleet/.ssh/authorized_keys; stat -c '%a %U' /home/fleet/.ssh/authorized_keys")
      let fleet = try TestFleet([node], spec: "users: {fleet: {\(Self.keysOfAlice)}}")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.reason == "access-lost", "\(run.summary)")
      try await node.await("! test -d /var/lib/fleetd/guard", seconds: 120)
      #expect(
        try await node.run("cat /home/fleet/.ssh/authorized_keys; stat -c '%a %U' /home/fleet/.ssh/authorized_keys")
          == before)

      try fleet.write(spec: "users: {fleet: {authorizedKeys: {keys: [\"\(Self.alice)\"]}}}")
      let added = try await fleet.once()
      #expect(added.code == 0, "\(added.summary)")
      #expect(try await node.run("wc -l < /home/fleet/.ssh/authorized_keys") == "2\n")
      try await node.expectNoLeftovers()
    }
  }
}
