import Testing

@testable import FleetModel

/// The probe's own functions, run by the shells that a node may have.
@Suite("k3s: secrets stay on the node")
struct K3sHidingScriptTests {
  private static let hidden = "sha256:" + K3sHidden.digest(of: "geheim")

  /// What the node sends of a file: its text, or `nil` when it is withheld.
  private func sent(_ text: String, _ kind: String, by shell: Shell) throws -> String? {
    let folder = try TemporaryFolder()
    try folder.write(Array(text.utf8), to: "file")
    let script =
      Self.prelude + "\(K3s.hidingFunctions)\nk3s_text file \"$1\" \"$2\"\n"
    let outcome = try shell.run(script, [folder.path("file"), kind])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error.isEmpty)
    #expect(!outcome.text.contains("geheim"), "\(outcome.text)")
    if outcome.text == "withheld \(folder.path("file"))\n" { return nil }
    #expect(outcome.text.hasPrefix("file "))
    return String(outcome.text.dropFirst("file ".count).dropLast())
  }

  private static let prelude = """
    seal() { sealed=$1; }
    LC_ALL=C; export LC_ALL; tab=$(printf '\\t'); newline='
    '
    emit() { printf '%s %s\\n' "$1" "$2"; }

    """

  @Test("a unit's arguments, in every way in which one can be written", arguments: Shell.all)
  func unit(shell: Shell) throws {
    let lines = [
      ("\t'--token' \\\n\t'geheim' \\", "\t'--token' \\\n\t\(Self.hidden) \\"),
      (
        "ExecStart=/k3s agent --token=geheim -t geheim", "ExecStart=/k3s agent --token=\(Self.hidden) -t \(Self.hidden)"
      ),
      ("'--agent-token=geheim'", "--agent-token=\(Self.hidden)"),
      ("Environment=\"K3S_TOKEN=geheim\" A=b", "Environment=K3S_TOKEN=\(Self.hidden) A=b"),
      ("--kubelet-arg 'api-token=geheim'", "--kubelet-arg api-token=\(Self.hidden)"),
      ("# --token geheim", ""),
      ("\t'--disable' \\\n\t'traefik' \\", "\t'--disable' \\\n\t'traefik' \\"),
      ("--tls-san=a.lan   --token-file /no/such/file", "--tls-san=a.lan   --token-file /no/such/file"),
      ("--token K10abc::server:geheim", "--token \(Self.hidden)"),
    ]
    for (line, expected) in lines { #expect(try sent(line + "\n", "unit", by: shell) == expected + "\n", "\(line)") }
    for line in ["--token 'geh eim'", "--token=\"geheim\\\"x\"", "--token $geheim", "--token=%%geheim"] {
      #expect(try sent(line + "\n", "unit", by: shell) == nil, "\(line)")
    }
  }

  @Test("an environment's tokens, and proxies with a password", arguments: Shell.all)
  func environment(shell: Shell) throws {
    let proxy = "sha256:" + K3sHidden.digest(of: "http://me:geheim@proxy.lan")
    let text =
      "K3S_TOKEN='geheim'\nexport A_PASSWORD=geheim\nHTTPS_PROXY=\"http://me:geheim@proxy.lan\"\nNO_PROXY='a b'\n;x\n"
    #expect(
      try sent(text, "environment", by: shell)
        == "K3S_TOKEN=\(Self.hidden)\nA_PASSWORD=\(Self.hidden)\nHTTPS_PROXY=\(proxy)\nNO_PROXY='a b'\n\n"
    )
  }

  @Test("YAML, a key a line; what is not understood is withheld", arguments: Shell.all)
  func yaml(shell: Shell) throws {
    let text = """
      token: "geheim"
      'agent-token': geheim # why
      tls-san: [a, b]
      kube-apiserver-arg:
        - "api-token=geheim"
        - audit-log-maxage=30
      configs:
        registry.lan:5000:
          auth:
            username: pi
            password: 'geheim'
      """
    let hidden = Self.hidden
    #expect(
      try sent(text + "\n", "yaml", by: shell) == """
        token: \(hidden)
        'agent-token': \(hidden)
        tls-san: [a, b]
        kube-apiserver-arg:
          - api-token=\(hidden)
          - audit-log-maxage=30
        configs:
          registry.lan:5000:
            auth:\u{20}
              username: pi
              password: \(hidden)

        """
    )
    let withheld = [
      "a: {token: geheim}", "{token: geheim}", "token: |\n  geheim", "token: >-\n  geheim", "token: \"ge\\\"geheim\"",
      "token: a\n  geheim", "x: [password=geheim]", "auth: {password: geheim}", "token:\n  geheim", "token: &a geheim",
      "token: 'it''s geheim'",
    ]
    for text in withheld { #expect(try sent(text + "\n", "yaml", by: shell) == nil, "\(text)") }
  }

  @Test("a file of tokens that is only named is answered by its digest", arguments: Shell.all)
  func tokenFile(shell: Shell) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("K10abc::server:geheim\n".utf8), to: "token")
    try folder.write(Array("token-file: \(folder.path("token"))\n".utf8), to: "file")
    let outcome = try shell.run(
      Self.prelude + "\(K3s.hidingFunctions)\nk3s_text file \"$1\" yaml\n",
      [folder.path("file")]
    )
    #expect(
      outcome.text == "token-file \(folder.path("token"))\t\(K3sHidden.digest(of: "geheim"))\n"
        + "file token-file: \(folder.path("token"))\n\n"
    )
  }

  @Test("a directory, a large file and control characters do no harm", arguments: Shell.all)
  func hostile(shell: Shell) throws {
    #expect(try sent(String(repeating: "a", count: 70_000), "yaml", by: shell) == nil)
    #expect(try sent("a: \u{1}b\u{2}\u{3}\u{4}\n", "yaml", by: shell) == "a: b\n")
    #expect(try sent("", "unit", by: shell) == "")
    #expect(try sent("token:  \u{1}geheim\n", "yaml", by: shell) == "token: \(Self.hidden)\n")
  }

  @Test("what the control node asks for by its digest is printed, and nothing else", arguments: Shell.all)
  func read(shell: Shell) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("K3S_TOKEN='K10abc::server:geheim'\nA_TOKEN=other\n".utf8), to: "k3s.service.env")
    try folder.write(Array("configs:\n  a:\n    auth:\n      password: second\n".utf8), to: "registries.yaml")
    try folder.write(Array("third\n".utf8), to: "token")
    let paths = ["gone", "k3s.service.env", "registries.yaml", "token"].map(folder.path)
    for secret in ["geheim", "second", "third"] {
      let lines = [K3sHidden.digest(of: secret)] + paths
      let outcome = try shell.run(K3s.secretScript, input: Array((lines.joined(separator: "\n") + "\n").utf8))
      #expect((outcome.status, outcome.text, outcome.error) == (0, secret, ""))
    }
    let lines = [K3sHidden.digest(of: "K3S")] + paths
    let none = try shell.run(K3s.secretScript, input: Array((lines.joined(separator: "\n") + "\n").utf8))
    #expect((none.status, none.text, none.error) == (1, "", ""))
  }
}
