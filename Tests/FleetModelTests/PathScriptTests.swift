import Testing

@testable import FleetModel

/// Probe and steps of directories, links and authorized keys, run for real by the shells.
@Suite("the scripts for directories, links and keys")
struct PathScriptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Without the lock, and without what only root may do.
  private func run(
    _ script: StepScript, _ input: StepInput, stubs: String = "", by shell: Shell
  ) throws -> Shell.Outcome {
    let bytes = try #require(StepPrelude.input(input, with: SecretVault()))
    return try shell.run([StepPrelude.sharedFunctions, stubs, script.text].joined(separator: "\n"), input: bytes)
  }

  private func sh(_ script: String, _ arguments: String...) throws -> String {
    let outcome = try Shell.all[0].run(script, [folder.path] + arguments)
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome.text
  }

  private func probe<Kind: Resource>(_ kind: Kind.Type, _ lines: [[String]], by shell: Shell) throws -> Kind.Observed {
    let outcome = try shell.run(
      ResourceRegistry.probeScript, input: ProbeScript.input([ProbeRequest(kind.kind, lines)]))
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    return try kind.parse(try ProbeTranscript(parsing: outcome.output).section(kind.kind))
  }

  @Test("every shell accepts their syntax", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    for script in [
      StepScript.directory, .removeDirectory, .link, .removeLink, .account, .setPassword, .makeHome, .authorizedKeys,
      .mounts,
    ] {
      #expect(try shell.complaint(about: StepPrelude.text(for: script)) == nil, "\(script.name)")
    }
  }

  @Test("the probe tells directories of every sort", arguments: Shell.all)
  func directories(_ shell: Shell) throws {
    _ = try sh(
      #"cd "$1" && mkdir "it's \$(a)" full && touch full/.a full/b file && ln -s full link && chmod 2750 full"#)
    let names = ["it's $(a)", "full", "file", "link", "none"]
    let lines = names.map { ["absent", folder.path($0)] }
    let observed = try probe(Directories.self, lines, by: shell)
    guard case .directory(let odd) = observed[folder.path(names[0])],
      case .directory(let full) = observed[folder.path("full")]
    else {
      Issue.record("\(observed)")
      return
    }
    #expect(odd.entries == 0 && full.entries == 2 && full.mode == "2750")
    #expect(observed[folder.path("file")] == .other("a regular file"))
    #expect(observed[folder.path("link")] == .other("a symbolic link"))
    #expect(observed[folder.path("none")] == .absent)
  }

  @Test("a directory is made with its parents, and its set-group-ID bit goes when it shall", arguments: Shell.all)
  func makeDirectory(_ shell: Shell) throws {
    let stubs = "chown() { :; }"
    let path = folder.path("new/it's a dir")
    let made = try run(.directory, StepInput([[path, "2750", "root", "root", "absent"]]), stubs: stubs, by: shell)
    #expect(made.status == 0 && made.error.isEmpty, "\(made.error)")
    #expect(try sh(#"stat -c %a "$1/new" "$2""#, path) == "755\n2750\n")
    let owner = try sh(#"stat -c '%U %G' "$2""#, path).trimmingWhitespace()
    let input = StepInput([[path, "0700", "root", "root", "2750 \(owner)"]])
    #expect(try run(.directory, input, stubs: stubs, by: shell).status == 0)
    #expect(try sh(#"stat -c %a "$2""#, path) == "700\n")
    #expect(try run(.directory, input, stubs: stubs, by: shell).status == 65)
    #expect(try run(.removeDirectory, StepInput([[path]]), by: shell).status == 0)
    #expect(!folder.contains("new/it's a dir"))
  }

  @Test("a link that somebody puts in a directory's place is not followed", arguments: Shell.all)
  func directoryRace(_ shell: Shell) throws {
    _ = try sh(#"mkdir "$1/victim" && chmod 0755 "$1/victim" && ln -s victim "$1/trap""#)
    for before in ["absent", "755 root root"] {
      let input = StepInput([[folder.path("trap"), "0777", "root", "root", before]])
      #expect(try run(.directory, input, stubs: "chown() { :; }", by: shell).status == 65)
    }
    #expect(try run(.removeDirectory, StepInput([[folder.path("trap")]]), by: shell).status == 70)
    #expect(try sh(#"stat -c %a "$1/victim""#) == "755\n")
  }

  @Test("the probe tells links with any target", arguments: Shell.all)
  func links(_ shell: Shell) throws {
    _ = try sh(#"cd "$1" && ln -s "a b $(printf '\t')" one && ln -s "x\#ny" two && touch file"#)
    let observed = try probe(Links.self, ["file", "two", "none", "one"].map { [folder.path($0)] }, by: shell)
    #expect(observed[folder.path("one")] == .link(target: "a b \t"))
    #expect(observed[folder.path("two")] == .link(target: "x\ny"))
    #expect(observed[folder.path("none")] == .absent)
    #expect(observed[folder.path("file")] == .other("a regular file"))
  }

  @Test("a link is made, replaced without a gap, and removed; what else stands there stays", arguments: Shell.all)
  func link(_ shell: Shell) throws {
    let path = folder.path("dir/a link")
    func digest(_ text: String) throws -> String { try #require(Content(text).digest(with: SecretVault())) }
    #expect(try run(.link, StepInput([[path, "absent", "v 1"]]), by: shell).status == 0)
    #expect(try run(.link, StepInput([[path, "absent", "v2"]]), by: shell).status == 65)
    #expect(try run(.link, StepInput([[path, try digest("v 1"), "-v2"]]), by: shell).status == 0)
    #expect(try sh(#"readlink -- "$2"; ls -A "$1/dir""#, path) == "-v2\na link\n")
    #expect(try run(.removeLink, StepInput([[path, try digest("v 1")]]), by: shell).status == 65)
    #expect(try run(.removeLink, StepInput([[path, try digest("-v2")]]), by: shell).status == 0)
    _ = try sh(#"touch "$2""#, path)
    #expect(try run(.link, StepInput([[path, "absent", "v1"]]), by: shell).status == 65)
    #expect(try run(.removeLink, StepInput([[path, try digest("-v2")]]), by: shell).status == 65)
    #expect(folder.contains("dir/a link"))
  }

  /// The account's home is a directory of the test's; nobody changes identity.
  private var keyStubs: String {
    "getent() { printf 'alice:x:1:1::%s:/bin/sh\\n' '\(folder.path)'; }; setpriv() { shift 5; \"$@\"; }"
  }

  @Test("keys are written with the modes that sshd wants, over what was observed only", arguments: Shell.all)
  func keys(_ shell: Shell) throws {
    func write(_ text: String, over before: String) throws -> Shell.Outcome {
      let after = try #require(Content(text).digest(with: SecretVault()))
      return try run(
        .authorizedKeys, StepInput([["alice", before, after]], payload: Content(text)), stubs: keyStubs, by: shell)
    }
    let made = try write("one\n", over: "absent")
    #expect(made.status == 0 && made.error.isEmpty, "\(made.error)")
    #expect(try sh(#"cd "$1" && stat -c %a .ssh .ssh/authorized_keys && ls -A .ssh"#) == "700\n600\nauthorized_keys\n")
    #expect(try write("two\n", over: "absent").status == 65)
    _ = try sh(#"chmod 0777 "$1/.ssh" && echo victim > "$1/victim" && ln -sf ../victim "$1/.ssh/authorized_keys""#)
    #expect(try write("two\n", over: "any").status == 0)
    #expect(try sh(#"cd "$1" && cat victim .ssh/authorized_keys && stat -c %a .ssh"#) == "victim\ntwo\n755\n")
  }

  @Test("keys that are cut off on their way leave the file as it was", arguments: Shell.all)
  func truncatedKeys(_ shell: Shell) throws {
    let after = try #require(Content("whole\n").digest(with: SecretVault()))
    let bytes = try #require(
      StepPrelude.input(StepInput([["alice", "absent", after]], payload: Content("whole\n")), with: SecretVault()))
    let script = [StepPrelude.sharedFunctions, keyStubs, StepScript.authorizedKeys.text].joined(separator: "\n")
    let mark = "end\n".utf8.count
    for length in 0..<(bytes.count - mark) {
      #expect(try shell.run(script, input: Array(bytes.prefix(length))).status != 0)
    }
    #expect(!folder.contains(".ssh/authorized_keys"))
  }

  @Test("a secret that is no hash of crypt(3) is not handed on, and not told", arguments: Shell.all)
  func passwords(_ shell: Shell) throws {
    let stubs = "chpasswd() { cat; }"
    for text in ["geheim", "$6$a:b$c", "$6$a\nroot:x", "!", "", "$6"] {
      let outcome = try run(.setPassword, StepInput([["alice"]], payload: Content(text)), stubs: stubs, by: shell)
      #expect(outcome.status == 65 && outcome.output.isEmpty && !outcome.error.contains("geheim"), "\(text)")
    }
    let fine = try run(.setPassword, StepInput([["alice"]], payload: Content("$6$a$b/.c")), stubs: stubs, by: shell)
    #expect(fine.status == 0 && fine.text == "alice:$6$a$b/.c\n")
  }

  @Test("half a hash, as an input that is cut off leaves it, sets no password", arguments: Shell.all)
  func cutPassword(_ shell: Shell) throws {
    let input = StepInput([["alice"]], payload: Content("$6$salt$abcdefgh"))
    let bytes = try #require(StepPrelude.input(input, with: SecretVault()))
    let script = [StepPrelude.sharedFunctions, "chpasswd() { cat; }", StepScript.setPassword.text]
    for length in 0..<bytes.count {
      let outcome = try shell.run(script.joined(separator: "\n"), input: Array(bytes.prefix(length)))
      #expect(outcome.status == 65 && outcome.output.isEmpty, "\(length)")
    }
  }

  @Test("the probe reads this machine's accounts and mounts, and writes no noise", arguments: Shell.all)
  func machine(_ shell: Shell) throws {
    let mounts = try probe(
      Mounts.self, [["/proc", "/proc", "-"], ["/no where", "/no\\040where", "/dev/null"]], by: shell)
    #expect(mounts.live["/proc"]?.type == "proc" && mounts.live["/no where"] == nil)
    #expect(mounts.types == ["/proc": "directory", "/no where": "absent"] && mounts.devices == ["/no where"])
  }

  @Test(
    "the probe reads accounts, and of a password its digest only",
    .enabled(if: (try? Shell.all[0].run("test -r /etc/shadow").status) == 0, "needs to read /etc/shadow"),
    arguments: Shell.all)
  func accounts(_ shell: Shell) throws {
    let observed = try probe(Users.self, [["root", "yes", "no"], ["nobody-here", "yes", "yes"]], by: shell)
    #expect(observed.accounts["root"]?.uid == 0 && observed.groups["root"]?.gid == 0)
    #expect(observed.homes == ["root"] && observed.passwords["root"] != nil && observed.passwords.count == 1)
  }
}
