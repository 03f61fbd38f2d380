import Testing

@Suite("a node that answers strangely", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct StrangeAnswerTests {
  @Test("an account that greets on every channel, on a German system, is converged like any other")
  func chatty() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        echo LANG=de_DE.UTF-8 > /etc/default/locale
        echo 'Willkommen' > /etc/motd; echo 'Nur für Befugte' > /etc/banner
        echo 'Banner /etc/banner' > /etc/ssh/sshd_config.d/20-banner.conf
        for file in .bashrc .profile .bash_profile; do
          printf 'echo oh; echo "= odd 3" ; echo oje >&2; printf "no line break"\\n' > /home/fleet/$file
        done
        systemctl restart ssh
        """)
      let fleet = try TestFleet(
        [node],
        spec: """
          packages: {jq: present, dphys-swapfile: absent}
          boot: {cmdline: {present: [cgroup_enable=memory]}, cgroups: [memory]}
          sysctl: {net.ipv4.ip_forward: 1}
          files:
            - {path: /etc/journald.conf.d/a.conf, content: "[Journal]\\n", notify: systemd-journald}
            - {path: /etc/ssh/sshd_config.d/30-x.conf, content: "X11Forwarding no\\n", notify: ssh}
          services: {bluetooth: {enabled: false, state: stopped}}
          """)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test("the login shell does not matter", arguments: ["/bin/dash", "/bin/rbash"])
  func loginShell(_ shell: String) async throws {
    try await NodePool.lease { node in
      try await node.run("usermod --shell \(shell) fleet")
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/a, content: a}]\npackages: {jq: present}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
    }
  }

  /// What stands in for the login shell; `"$2"` is the command that it was given.
  enum Answer: String, CaseIterable, Sendable {
    case bytesOfNoMeaning = #"head -c 100000 /dev/urandom"#
    case forgedFrame = #"printf 'fleetd-probe 1\nsection host\n= boot-id 99999999999999\n'"#
    case controlCodes = #"printf 'fleetd-probe 1\nsection \033]0;title\007\033[2J x\n'"#
    case withoutEnd = "yes"
    case cutInTheMiddle = #"/bin/bash "$@" | head -c 600"#
    case refusal = #"printf 'go \033[31maway\033[0m\n' >&2; exit 1"#
  }

  @Test("what is no answer is an error of that node, bounded, and never taken for absence", arguments: Answer.allCases)
  func noAnswer(_ answer: Answer) async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        cat > /usr/local/bin/odd-shell <<'END'
        #!/bin/bash
        \(answer.rawValue)
        END
        chmod 755 /usr/local/bin/odd-shell; usermod --shell /usr/local/bin/odd-shell fleet
        """)
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/a, content: a}]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let failure = try #require(run.plan(of: node)?.failure)
      #expect(["probe-garbled", "probe-failed"].contains(failure.reason), "\(failure)")
      #expect(failure.message.count < 2000)
      for format in ["text", "json", "markdown"] {
        let shown = try await fleet.shown(format, "--check", "--verbose")
        #expect(shown.status == 1)
        #expect((shown.text + shown.errors).controlCodes.isEmpty)
      }
    }
  }

  @Test("control codes in a node's name, system and files reach no terminal")
  func controlCodes() async throws {
    try await NodePool.lease { node in
      try await node.run(
        #"""
        python3 - <<'END'
        import socket
        socket.sethostname("a\x1b]0;title\x07b\u202e")
        odd = "odd \x1b[2J\x1b]52;c;YQ==\x07 \u009b31m \u202e \u2028 end\n"
        open("/usr/lib/os-release", "w").write('PRETTY_NAME="%s"\n' % odd.strip())
        open("/etc/a", "w").write(odd)
        END
        ln -s "$(printf 'x\033[31m\ny')" /etc/b
        """#)
      let fleet = try TestFleet(
        [node], spec: "files: [{path: /etc/a, content: a}, {path: /etc/b, content: b}, {path: /etc/os, state: absent}]")
      for format in ["text", "json", "markdown"] {
        let shown = try await fleet.shown(format, "--check", "--verbose")
        #expect(shown.status == 1, "the link is refused: \(shown.text)\(shown.errors)")
        #expect(shown.text.contains("odd"))
        #expect((shown.text + shown.errors).controlCodes.isEmpty)
      }
    }
  }
}

extension String {
  /// What moves a cursor, changes a title or turns text around; line breaks are none of it.
  var controlCodes: [Unicode.Scalar] {
    unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar != "\n"
      case .format, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
  }
}
