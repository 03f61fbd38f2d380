import Testing

/// The key that CI holds, with real sshd and sudo on the other side, tried with OpenSSH's own client.
@Suite("a key that may only look", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct CheckKeyTests {
  private static let question = #"printf 'section file 1\nunknown\tshown\t/etc/fleet-known\n'"#

  private static let spec = """
    files:
      - {path: /etc/fleet-known, content: "wanted\\n"}
      - {path: /etc/fleet-secret, content: {secret: other}}
    """

  @Test("it is granted by the inventory, and revoked by it", .timeLimit(.sharedNodes))
  func granted() async throws {
    try await NodePool.lease { node in
      let key = try await CheckKey()
      let fleet = try TestFleet([node], spec: Self.spec, fleet: key.grant)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node).contains("add checkaccess account fleetd-check"), "\(run.changes(of: node))")
      #expect(try await fleet.check().code == 0)
      try await node.run("visudo -c -q; test $(stat -c %U:%a /usr/local/lib/fleetd/check) = root:755")
      let answer = try await key.ssh(node, "fleetd-check", input: Self.question)
      #expect(answer.text.contains("section grant\n"), "\(answer.text)\(answer.errors)")

      try fleet.write(spec: Self.spec)
      let check = try await fleet.check()
      #expect(check.code == 2 && check.changes(of: node).allSatisfy { $0.hasPrefix("remove checkaccess ") })
      let revoked = try await fleet.once()
      #expect(revoked.code == 0, "\(revoked.summary)")
      #expect(try await fleet.check().code == 0)
      #expect(try await key.ssh(node, "fleetd-check", input: Self.question).status == 255)
      let left =
        "ls -d /usr/local/lib/fleetd /var/lib/fleetd-check /etc/sudoers.d/fleetd-check /var/lib/fleetd/check.key"
      #expect(try await node.attempt("\(left); getent passwd fleetd-check").text == "")
      #expect(try await node.run("cat /var/lib/fleetd/declared").contains("checkaccess") == false)
    }
  }

  @Test("whatever it asks for, it gets the program's answer or nothing", .timeLimit(.sharedNodes))
  func tried() async throws {
    try await NodePool.lease { node in
      let key = try await CheckKey()
      let fleet = try TestFleet([node], spec: Self.spec, fleet: key.grant)
      #expect(try await fleet.once().code == 0)
      let before = try await node.run("ls /tmp /home /var/tmp /var/lib/fleetd-check; cat /etc/passwd /etc/fleet-known")

      // Other commands, and an argument for the one: the program answers all the same, and to the question alone.
      let commands = [
        "id", "cat /etc/shadow", "sh -c 'touch /tmp/canary'", "sudo -n id",
        "sudo -n /usr/local/lib/fleetd/check answer",
        "fleetd-check; touch /tmp/canary", "$(touch /tmp/canary)", "/usr/lib/openssh/sftp-server", "scp -t /tmp", "",
      ]
      for command in commands {
        let answer = try await key.ssh(node, command, input: Self.question)
        #expect(
          answer.status == 0 && answer.text.contains("section grant\n"), "\(command): \(answer.text)\(answer.errors)")
        #expect(!answer.text.contains("uid=") && !answer.text.contains("root:"), "\(command)")
      }
      // Text for the shell that fleetd's own key would have: read as a question, which it is not.
      let script = #"printf '2\nid\n\n'"#
      #expect(try await key.ssh(node, "fleetd-check", input: script).status == 65)
      #expect(try await key.ssh(node, "/bin/sh", input: "printf 'touch /tmp/canary\\nid\\n'").status == 65)

      // Subsystems: sftp is the program as well, and so no protocol.
      let transfer = try await key.run("sftp", "-b - \(key.options) fleetd-check@\(node.address)", input: "echo 'ls /'")
      #expect(transfer.status != 0 && !transfer.text.contains("boot"), "\(transfer.text)")
      let copy = try await key.run("scp", "\(key.options) /etc/hostname fleetd-check@\(node.address):/tmp/canary")
      #expect(copy.status != 0)

      // A terminal, forwarding of agent, X11, ports and sockets, the environment.
      let terminal = try await key.ssh(node, "id", options: "-tt", input: Self.question)
      #expect(terminal.errors.contains("PTY allocation request failed"), "\(terminal.errors)")
      for option in [
        "-L 127.0.0.1:45322:127.0.0.1:22", "-W 127.0.0.1:22", "-L 127.0.0.1:45323:/run/systemd/journal/stdout",
      ] {
        let forwarded = try await key.forwarded(node, option)
        #expect(
          forwarded.text.contains("open failed") && !forwarded.text.contains("SSH-2.0"), "\(option): \(forwarded.text)")
      }
      let refused = try await node.run("journalctl -q -o cat _COMM=sshd")
      #expect(refused.contains("refused local port forward") && refused.contains("refused streamlocal port forward"))
      for option in ["-R 127.0.0.1:45324:127.0.0.1:22", "-R /tmp/canary.sock:127.0.0.1:22"] {
        let forwarded = try await key.ssh(
          node, "x", options: "-o ExitOnForwardFailure=yes \(option)", input: Self.question)
        #expect(
          forwarded.status == 255 && forwarded.errors.contains("forwarding failed"), "\(option): \(forwarded.errors)")
      }
      let environment = try await key.ssh(
        node, "x", options: "-A -X -o SetEnv='LD_PRELOAD=/tmp/x ENV=/tmp/x BASH_ENV=/tmp/x PATH=/tmp LC_ALL=x'",
        input: Self.question)
      #expect(environment.status == 0 && environment.text.contains("section grant\n"), "\(environment.errors)")

      // No password opens the account, and no other key of the fleet does.
      let other = try await CheckKey()
      #expect(try await other.ssh(node, "x", input: Self.question).status == 255)

      let after = try await node.run("ls /tmp /home /var/tmp /var/lib/fleetd-check; cat /etc/passwd /etc/fleet-known")
      #expect(after == before)
      #expect(
        try await node.holds(
          "! ls /tmp/canary* 2> /dev/null && [ -z \"$(ls -A /var/lib/fleetd-check/.ssh | grep -v '^authorized_keys$')\" ]"
        ))
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("the account itself can do nothing more than the key", .timeLimit(.sharedNodes))
  func account() async throws {
    try await NodePool.lease { node in
      let key = try await CheckKey()
      let fleet = try TestFleet([node], spec: Self.spec, fleet: key.grant)
      #expect(try await fleet.once().code == 0)
      let asAccount = "setpriv --reuid=fleetd-check --regid=fleetd-check --init-groups"
      for command in [
        "sudo -n id", "sudo -n /usr/local/lib/fleetd/check answer", "sudo -n /usr/local/lib/fleetd/check ''",
        "sudo -n -i",
        "sudo -n /usr/local/lib/fleetd/../fleetd/check", "sudo -n -u fleet /usr/local/lib/fleetd/check",
        "sudo -n -C 9 /usr/local/lib/fleetd/check", "sudo -n LD_PRELOAD=/tmp/x /usr/local/lib/fleetd/check",
        "sudo -n -E /usr/local/lib/fleetd/check", "sudo -n -D /tmp /usr/local/lib/fleetd/check",
        "cat /var/lib/fleetd/check.key", "touch /var/lib/fleetd-check/x", "touch /var/lib/fleetd-check/.ssh/rc",
        "sh -c 'echo >> /usr/local/lib/fleetd/check'", "sh -c 'echo >> /usr/local/lib/fleetd/check.allow'",
        "sh -c 'echo >> /var/lib/fleetd-check/.ssh/authorized_keys'",
      ] {
        let output = try await node.attempt("\(asAccount) \(command) < /dev/null")
        #expect(output.status != 0 && !output.text.contains("uid=0"), "\(command): \(output.text)\(output.errors)")
      }
      // What sudo does let run answers the question with the environment that sudo made.
      let allowed = try await node.run(
        "\(Self.question) | LC_ALL=x TZ=x \(asAccount) sudo -n /usr/local/lib/fleetd/check")
      #expect(allowed.contains("section grant\n"))
    }
  }

  @Test("links in a directory of another account's lead nowhere", .timeLimit(.sharedNodes))
  func links() async throws {
    try await NodePool.lease { node in
      let key = try await CheckKey()
      let spec = "files: [{path: /srv/open/shadow, content: \"x\\n\"}, {path: /srv/open/plain, content: \"x\\n\"}]"
      let fleet = try TestFleet([node], spec: spec, fleet: key.grant)
      #expect(try await fleet.once().code == 0)
      try await node.run("mv /srv/open /srv/away && ln -s /etc /srv/open && echo plain > /etc/plain")
      let question = #"printf 'section file 2\nunknown\tshown\t/srv/open/shadow\nunknown\tshown\t/srv/open/plain\n'"#
      let answer = try await key.ssh(node, "x", input: question)
      #expect(answer.text.contains("= text/1 6\nplain\n"), "\(answer.text)")
      #expect(!answer.text.contains("text/0") && !answer.text.contains("root:"))
      let digest = try await node.run("sha256sum < /etc/shadow").prefix(64)
      #expect(!answer.text.contains(digest))
    }
  }
}
