import Testing

@Suite("apt sources", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct AptSourceTests {
  private static let own = "own: {uris: [\"file:/srv\"], suites: [repo/], trusted: true}"
  private static let path = "/etc/apt/sources.list.d/own.sources"

  @Test("change, no-op, idempotence: what a new source offers is installed in the same run; a second changes nothing")
  func lifecycle() async throws {
    try await NodePool.lease { node in
      try await node.makeRepository()
      // Lists that are fresh by their age.
      try await node.run("apt-get -q update")
      let fleet = try TestFleet([node], spec: "aptSources: {\(Self.own)}\npackages: {own-tool: present}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.changes(of: node) == ["add aptsource \(Self.path)", "add package own-tool"])
      #expect(run.plan(of: node)?.findings.map(\.reason) == ["apt-source-trusted"])
      #expect(try await node.status(of: Self.path) == "644 root:root")
      let second = try await fleet.once()
      #expect(second.code == 0 && second.changes(of: node).isEmpty, "\(second.summary)")

      try fleet.write(spec: "aptSources: {own: {state: absent}}")
      #expect(try await fleet.once().changes(of: node) == ["remove aptsource \(Self.path)"])
      #expect(try await node.holds("! test -e \(Self.path)"))
      #expect(try await fleet.check().code == 0)
    }
  }

  @Test(
    "a run that died between the source and the packages is made good: lists older than their sources are refreshed")
  func diedInBetween() async throws {
    try await NodePool.lease { node in
      try await node.makeRepository()
      try await node.run("apt-get -q update")
      let fleet = try TestFleet([node], spec: "aptSources: {\(Self.own)}")
      #expect(try await fleet.once().code == 0)
      try fleet.write(spec: "aptSources: {\(Self.own)}\npackages: {own-tool: present}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.plan(of: node)?.changes.first?.note == "lists older than their sources; they will be refreshed first")
    }
  }

  @Test("failure: a source that is away does not keep waiting what others provide, and the next plan names it")
  func deadSource() async throws {
    try await NodePool.lease { node in
      try await node.makeRepository()
      let dead = "dead: {uris: [\"http://127.0.0.1:9/x\"], suites: [gone], components: [main]}"
      let fleet = try TestFleet([node], spec: "aptSources: {\(Self.own), \(dead)}\npackages: {own-tool: present}")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await node.holds("dpkg-query -W own-tool"))
      let check = try await fleet.check()
      let note = check.plan(of: node)?.findings.first { $0.reason == "apt-source-unreachable" }
      #expect(note?.message.contains("http://127.0.0.1:9/x gone InRelease") == true, "\(check.summary)")

      // What only the dead source could have is a failure that names it.
      try fleet.write(spec: "aptSources: {\(Self.own), \(dead)}\npackages: {own-tool: present, no-such-tool: present}")
      let missing = try await fleet.once()
      #expect(missing.code == 1, "\(missing.summary)")
    }
  }

  @Test("a key is written beside its source, and a repository that it did not sign is not used")
  func key() async throws {
    try await NodePool.lease { node in
      try await node.makeRepository()
      let text = Self.key.replacing("\n", with: "\\n")
      let fleet = try TestFleet(
        [node],
        spec:
          "aptSources: {own: {uris: [\"file:/srv\"], suites: [repo/], signedBy: \"\(text)\"}}\npackages: {own-tool: present}"
      )
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.changes(of: node).first == "add aptsource /etc/apt/keyrings/own.asc")
      #expect(try await node.run("cat /etc/apt/keyrings/own.asc") == Self.key)
      #expect(try await node.status(of: "/etc/apt/keyrings/own.asc") == "644 root:root")
      #expect(try await node.holds("! dpkg-query -W own-tool"))
    }
  }

  /// Nobody's: made for these tests.
  private static let key = """
    -----BEGIN PGP PUBLIC KEY BLOCK-----

    mDMEawFaYhYJKwYBBAHaRw8BAQdAHnAfdK/NNYcBeb3+ZvlMxHrAhrX3UYqWsDtK
    Sqy533u0F3JlcG8gPHJlcG9AZXhhbXBsZS5vcmc+iJAEExYIADgWIQRiIGQvmasy
    W5QWDMxT/u6aX5fRmwUCawFaYgIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAK
    CRBT/u6aX5fRm2MDAQDYiQaIDOKwsNDVWtDn0nta8ioYd/OCMs0GEwBesNCEqQEA
    3zeXOUF3pbldldliWR2Dsq2xk/SfKge5r7nog8iniAs=
    =+Oka
    -----END PGP PUBLIC KEY BLOCK-----

    """
}

extension LabNode {
  /// A repository in the node's own /srv/repo, with one package own-tool.
  fileprivate func makeRepository() async throws {
    try await run(
      """
      mkdir -p /srv/repo /tmp/own-tool/DEBIAN && cd /srv/repo
      printf 'Package: own-tool\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: a <a@b.example>\\nDescription: x\\n' \
        > /tmp/own-tool/DEBIAN/control
      dpkg-deb -b /tmp/own-tool own-tool.deb
      { cat /tmp/own-tool/DEBIAN/control
        echo 'Filename: ./repo/own-tool.deb'
        echo "Size: $(stat -c %s own-tool.deb)"
        echo "SHA256: $(sha256sum own-tool.deb | cut -d ' ' -f 1)"; } > Packages
      """)
  }
}
