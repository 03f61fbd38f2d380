import Testing

@testable import FleetModel

/// Scripts that keep state on the node, run for real with /run/fleetd and /var/lib/fleetd in a directory of their own.
@Suite("what steps write down on a node")
struct NodeStateScriptTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["run", "lib"] {
      let made = try Shell.all[0].run("mkdir -- \"$1\"", [folder.path(name)])
      #expect(made.status == 0)
    }
  }

  private func run(_ script: StepScript, _ input: StepInput, by shell: Shell) throws -> Shell.Outcome {
    try shell.run(text(of: script), input: StepPrelude.input(input, with: SecretVault()) ?? [])
  }

  private func text(of script: StepScript) -> String {
    StepPrelude.text(for: script)
      .replacing("/run/fleetd", with: folder.path("run"))
      .replacing("/var/lib/fleetd", with: folder.path("lib"))
  }

  private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

  private func digest(_ text: String) throws -> String { try #require(Content(text).digest(with: SecretVault())) }

  @Test("the command line is replaced, the old one kept beside it, and the reboot owed", arguments: Shell.all)
  func commandLine(_ shell: Shell) throws {
    try folder.write(Array("root=x\nquiet\n".utf8), to: "cmdline.txt")
    try folder.write(Array("b1\nbefore the edit\n".utf8), to: "lib/last-reboot")
    let path = folder.path("cmdline.txt")
    let input = StepInput([[path, try digest("root=x\nquiet\n")], ["because"]], payload: Content("root=x a=1\n"))
    let outcome = try run(.editBootFile, input, by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(try text("cmdline.txt") == "root=x a=1\n")
    #expect(try text("cmdline.txt.fleetd-backup") == "root=x\nquiet\n")
    #expect(try text("run/pending-reboot") == "because\n")
    #expect(!folder.contains("cmdline.txt.fleetd-new") && !folder.contains("lib/last-reboot"))
  }

  @Test("a command line that did not arrive whole, or lost its root=, is not put in place", arguments: Shell.all)
  func brokenCommandLine(_ shell: Shell) throws {
    try folder.write(Array("root=x\n".utf8), to: "cmdline.txt")
    let path = folder.path("cmdline.txt")
    for text in ["root=x a=1", "quiet\n", "root=x\nquiet\n", ""] {
      let input = StepInput([[path, try digest("root=x\n")], ["because"]], payload: Content(text))
      #expect(try run(.editBootFile, input, by: shell).status == 65)
    }
    #expect(try text("cmdline.txt") == "root=x\n")
    #expect(!folder.contains("cmdline.txt.fleetd-new") && !folder.contains("run/pending-reboot"))
  }

  @Test("a reboot's reasons are written down, and the boot that it led to", arguments: Shell.all)
  func reboot(_ shell: Shell) throws {
    let reasons = ["cmdline.txt changes: + a", "it's $(quoted) *"]
    #expect(try run(.recordReboot, StepInput([["b1"], reasons]), by: shell).status == 0)
    #expect(try text("lib/last-reboot") == "b1\ncmdline.txt changes: + a\nit's $(quoted) *\n")

    #expect(try run(.recordBoot, StepInput([["another"]]), by: shell).status == 0)
    #expect(try text("lib/last-reboot").hasPrefix("b1\n"))
    #expect(try run(.recordBoot, StepInput([["b1"]]), by: shell).status == 0)
    let now = try shell.run("cat /proc/sys/kernel/random/boot_id").text
    #expect(try text("lib/last-reboot") == "b1 \(now)cmdline.txt changes: + a\nit's $(quoted) *\n")
  }

  @Test("names are added to what is remembered, once, and struck off whole", arguments: Shell.all)
  func record(_ shell: Shell) throws {
    // The last line was cut off by hand.
    try folder.write(Array("package\tjq\nfile\t/a".utf8), to: "lib/declared")
    let names = [["file", "/a.b"], ["file", "/a"], ["service", "it's $(quoted) *"]]
    let outcome = try run(.record, StepInput([["10000000abcdef01"]] + names), by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(try text("lib/declared") == "file\t/a\nfile\t/a.b\npackage\tjq\nservice\tit's $(quoted) *\n")
    #expect(try text("lib/board") == "10000000abcdef01\n")

    #expect(try run(.forget, StepInput([["file", "/a"], ["package", "j."]]), by: shell).status == 0)
    #expect(try text("lib/declared") == "file\t/a.b\npackage\tjq\nservice\tit's $(quoted) *\n")
    let rest = [["file", "/a.b"], ["package", "jq"], ["service", "it's $(quoted) *"]]
    #expect(try run(.forget, StepInput(rest), by: shell).status == 0)
    #expect(try text("lib/declared") == "" && !folder.contains("lib/.record.fleetd-new"))
  }

  @Test("without a board's serial number none is written, and nothing to forget is no failure", arguments: Shell.all)
  func emptyRecord(_ shell: Shell) throws {
    #expect(try run(.forget, StepInput([["file", "/a"]]), by: shell).status == 0)
    #expect(!folder.contains("lib/declared"))
    #expect(try run(.record, StepInput([[""], ["file", "/a"]]), by: shell).status == 0)
    #expect(try text("lib/declared") == "file\t/a\n" && !folder.contains("lib/board"))
  }

  @Test("the host's name replaces the old one beside 127.0.1.1, and nothing else", arguments: Shell.all)
  func hostname(_ shell: Shell) throws {
    let script = StepScript.setHostname.text.replacing("/etc/", with: folder.path(""))
    let text = [StepPrelude.sharedFunctions, "hostnamectl() { echo \"$*\"; }", script].joined(separator: "\n")
    for (before, after) in [
      ("127.0.0.1 localhost\n127.0.1.1 old old.lan\n::1 x\n", "127.0.0.1 localhost\n127.0.1.1\tpi1\n::1 x\n"),
      ("127.0.0.1 localhost\n", "127.0.0.1 localhost\n127.0.1.1\tpi1\n"),
    ] {
      try folder.write(Array(before.utf8), to: "hosts")
      let outcome = try shell.run(text, input: NodeScript.line(["pi1"]))
      #expect(outcome.status == 0 && outcome.text == "set-hostname --static --transient -- pi1\n")
      #expect(try self.text("hosts") == after)
    }
    #expect(try shell.run(text, input: Array("pi1".utf8)).status == 65)
  }

  @Test("restarts are owed until they are made", arguments: Shell.all)
  func restarts(_ shell: Shell) throws {
    let owing = StepScript("test", #"read_words; owe_restarts "$words"; ls /run/fleetd/pending; restarted b.service"#)
    let outcome = try run(owing, StepInput([["a@x\\x2d1.service", "b.service"]]), by: shell)
    #expect(outcome.text == "a@x\\x2d1.service\nb.service\n")
    #expect(folder.contains("run/pending/a@x\\x2d1.service") && !folder.contains("run/pending/b.service"))
  }

  @Test("two steps never run at once on one node", arguments: Shell.all)
  func lock(_ shell: Shell) throws {
    let step = text(of: StepScript("test", "echo ran")).replacing("flock -w 20 9", with: "flock -w 0 9")
    let held = try shell.run(#"exec 8>>"$1/lock"; flock 8; "$2" -c "$3" 8>&-"#, [folder.path("run"), shell.path, step])
    #expect(held.status == 75 && held.output.isEmpty)
    #expect(held.error.contains("another step of fleetd runs on this node"))
    #expect(try shell.run(step).text == "ran\n")
  }
}
