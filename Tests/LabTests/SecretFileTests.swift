import Testing

@Suite("a file from a secret", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct SecretFileTests {
  private static let value = "other-secret-value"

  /// At the one moment when the step holds the secret, its validation writes down all processes' arguments and
  /// environments.
  private static let witness = """
    cat > /usr/local/bin/witness <<'END'
    #!/bin/sh
    cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ > /root/witnessed 2> /dev/null
    grep -q . "$1"
    END
    chmod 755 /usr/local/bin/witness
    """

  @Test("shows that it differs, and its bytes are in the file and nowhere else on the node")
  func nowhereElse() async throws {
    try await NodePool.lease { node in
      try await node.run(Self.witness + "\necho stale > /etc/token")
      let fleet = try TestFleet(
        [node], spec: #"files: [{path: /etc/token, content: {secret: other}, validate: [witness, "%s"]}]"#)
      for format in ["text", "json", "markdown"] {
        let check = try await fleet.shown(format, "--check", "--verbose")
        #expect(check.status == 2)
        #expect(check.text.contains("/etc/token"))
        #expect(!(check.text + check.errors).contains(Self.value))
        #expect(!check.text.contains("stale"), "what is there may be an older secret")
      }
      #expect(try await fleet.shown("text", "--check").text.contains("(secret) differs"))

      let once = try await fleet.shown("text", "--once", "--yes", "--verbose")
      #expect(once.status == 0, "\(once.text)\(once.errors)")
      #expect(!(once.text + once.errors).contains(Self.value))
      #expect(try await node.run("cat /etc/token") == Self.value)
      #expect(try await node.status(of: "/etc/token") == "600 root:root")

      // In brackets, so that the search does not find itself.
      let pattern = "other-secret-valu[e]"
      #expect(try await node.holds("grep -q witness /root/witnessed"))
      let found = try await node.run(
        "grep -rlsE '\(pattern)' / /run /tmp /dev/shm --exclude-dir=proc --exclude-dir=sys --exclude-dir=host || true")
      #expect(found == "/etc/token\n")
      #expect(try await node.run("journalctl -q | grep -cE '\(pattern)' || true") == "0\n")
    }
  }

  @Test("is not shown by a validation that repeats it")
  func loudValidation() async throws {
    try await NodePool.lease { node in
      try await node.run(
        "printf '#!/bin/sh\\ncat \"$1\" >&2; exit 3\\n' > /usr/local/bin/loud; chmod 755 /usr/local/bin/loud")
      let fleet = try TestFleet(
        [node], spec: #"files: [{path: /etc/token, content: {secret: other}, validate: [loud, "%s"]}]"#)
      let run = try await fleet.once("--verbose")
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.failure?.message.contains("refused by its validation (exit 3)") == true)
      #expect(!(run.output.text + run.output.errors).contains(Self.value))
    }
  }

  @Test("that this control node does not have is refused, and names it")
  func missing() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/token, content: {secret: unknown}}]")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      let finding = run.plan(of: node)?.findings.first
      #expect(finding?.reason == "secret-missing")
      #expect(finding?.message.contains("unknown") == true)
      #expect(try await node.holds("test ! -e /etc/token"))
    }
  }
}
