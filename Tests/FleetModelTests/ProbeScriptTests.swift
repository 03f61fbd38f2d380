import Testing

@testable import FleetModel

@Suite("the probe")
struct ProbeScriptTests {
  private static let script = ResourceRegistry.probeScript

  /// The whole probe, run on this machine.
  private func probe(_ requests: [ProbeRequest], by shell: Shell) throws -> ProbeTranscript {
    let outcome = try shell.run(Self.script, input: ProbeScript.input(requests))
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    return try ProbeTranscript(parsing: outcome.output)
  }

  @Test("its text is one constant: what varies travels as data")
  func constant() throws {
    let name = "an-unmistakable-name"
    let node = try ModelFixture(
      "sysctl: {\(name): 1}, files: [{path: /\(name), content: \(name)}], services: {\(name): {}}"
    )
    .node()
    let input = String(decoding: ProbeScript.input(node.probeRequests(with: SecretVault())), as: UTF8.self)
    #expect(input.components(of: name) == 3)
    #expect(!Self.script.contains(name))
    #expect(Self.script == ProbeScript.text(ResourceRegistry.kinds.map { $0.probe }))
  }

  @Test("every shell accepts its syntax", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    #expect(try shell.complaint(about: Self.script) == nil)
  }

  @Test("every kind's function has the kind's name")
  func functions() {
    for kind in ResourceRegistry.kinds { #expect(kind.probe.text.contains("probe_\(kind.kind.name)()")) }
  }

  @Test("it tells the facts of this machine", arguments: Shell.all)
  func host(_ shell: Shell) throws {
    let facts = try Host.parse(try probe([ProbeRequest(Host.kind)], by: shell).section(Host.kind))
    #expect(facts.bootID.count == 36)
    #expect(Architecture(rawValue: facts.architecture) != nil)
    #expect(facts.operatingSystem.contains("Debian"))
    #expect(facts.freeBytes > 0 && facts.clock > 1_700_000_000)
    #expect(!facts.hostname.isEmpty && !facts.kernel.isEmpty)
  }

  @Test("it tells files of every sort, and sends only text that differs and may be shown", arguments: Shell.all)
  func files(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("hello\n".utf8), to: "it's a $(file) *")
    try folder.write([], to: "empty")
    try folder.write(Array(repeating: 0x78, count: 70_000), to: "big")
    let link = try Shell.all[0].run(#"ln -s "to$(printf '\t')a tab" "$1/link""#, [folder.path])
    #expect(link.status == 0)
    let wanted = [
      ("unknown", "shown", "it's a $(file) *"), ("unknown", "secret", "it's a $(file) *"),
      ("unknown", "shown", "empty"),
      ("unknown", "shown", "big"), ("unknown", "shown", "link"), ("unknown", "shown", "none"),
      (Content("hello\n").digest(with: SecretVault()) ?? "", "shown", "it's a $(file) *"),
    ]
    let lines = wanted.map { [$0, $1, folder.path($2)] } + [["unknown", "shown", folder.path]]
    let section = try probe([ProbeRequest(Files.kind, lines)], by: shell).section(Files.kind)
    #expect([0, 1, 2, 3, 6].map { section.text("text/\($0)") } == ["hello\n", nil, "", nil, nil])

    let observed = try Files.parse(section)
    guard case .regular(let attributes, _) = observed[folder.path("it's a $(file) *")] else {
      Issue.record("no regular file")
      return
    }
    #expect(attributes.size == 6 && attributes.digest == lines[6][0])
    #expect(observed[folder.path("link")] == .other("a symbolic link to to\ta tab"))
    #expect(observed[folder.path("none")] == .absent)
    #expect(observed[folder.path] == .other("a directory"))
  }

  @Test("it reads kernel parameters, and leaves out those that the kernel does not know", arguments: Shell.all)
  func sysctl(_ shell: Shell) throws {
    let lines = [["kernel/ostype"], ["no/such$(key)"], ["net/ipv4/ip_local_port_range"], ["kernel/pid_max"]]
    let observed = try Sysctl.parse(try probe([ProbeRequest(Sysctl.kind, lines)], by: shell).section(Sysctl.kind))
    #expect(observed.live["kernel/ostype"] == "Linux")
    #expect(observed.live["no/such$(key)"] == nil)
    #expect(observed.live["net/ipv4/ip_local_port_range"]?.split(separator: " ").count == 2)
    #expect((observed.live["kernel/pid_max"]?.count ?? 0) > 2)
  }

  @Test("it tells cgroups, the boot files and what is pending", arguments: Shell.all)
  func kernel(_ shell: Shell) throws {
    let kinds = [Cgroups.kind, Boot.kind, Reboot.kind]
    let transcript = try probe(kinds.map { ProbeRequest($0) }, by: shell)
    #expect(throws: Never.self) { try Cgroups.parse(try transcript.section(Cgroups.kind)) }
    #expect(throws: Never.self) { try Boot.parse(try transcript.section(Boot.kind)) }
    #expect(throws: Never.self) { try Reboot.parse(try transcript.section(Reboot.kind)) }
  }

  @Test("input that is cut off anywhere yields no answer that lacks something", arguments: Shell.all)
  func truncatedInput(_ shell: Shell) throws {
    let requests = [ProbeRequest(Reboot.kind), ProbeRequest(Sysctl.kind, [["kernel/ostype"], ["kernel/osrelease"]])]
    let input = ProbeScript.input(requests)
    for length in stride(from: 0, to: input.count, by: 7) {
      let outcome = try shell.run(Self.script, input: Array(input.prefix(length)))
      #expect(throws: ProbeError.self, "\(length) bytes") {
        let transcript = try ProbeTranscript(parsing: outcome.output)
        for request in requests { _ = try transcript.section(request.kind) }
      }
    }
  }

  @Test("a section that is none ends it without an answer", arguments: Shell.all)
  func unknownSection(_ shell: Shell) throws {
    for input in ["section nothing 0\n", "other host 0\n"] {
      let outcome = try shell.run(Self.script, input: Array(input.utf8))
      #expect(outcome.status != 0)
      #expect(throws: ProbeError.truncated) { try ProbeTranscript(parsing: outcome.output) }
    }
  }
}

extension String {
  /// How often `text` stands in it.
  func components(of text: String) -> Int { split(separator: text, omittingEmptySubsequences: false).count - 1 }
}
