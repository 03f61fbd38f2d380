import Testing

@testable import FleetModel

/// Steps of the kinds that keep the machine itself, run for real on files of a directory of their own; what a build
/// machine must not do (swapoff, modprobe) is played by shell functions.
@Suite("steps of modules, swap, time and config.txt")
struct MachineScriptTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let made = try Shell.all[0].run(#"cd "$1" && mkdir etc run lib proc zoneinfo"#, [folder.path])
    #expect(made.status == 0)
  }

  /// `stubs` are shell functions that stand before the script.
  private func run(
    _ script: StepScript, _ input: StepInput, _ stubs: String = "", by shell: Shell
  ) throws -> Shell.Outcome {
    try run(script, bytes: StepPrelude.input(input, with: SecretVault()) ?? [], stubs, by: shell)
  }

  private func run(
    _ script: StepScript, bytes: [UInt8], _ stubs: String = "", by shell: Shell
  ) throws -> Shell.Outcome {
    let text = StepPrelude.text(for: StepScript("test", "")).dropLast(2) + stubs + "\n" + script.text + "\n}"
    return try shell.run(
      String(text).replacing("/run/fleetd", with: folder.path("run")).replacing(
        "/var/lib/fleetd", with: folder.path("lib")
      )
      .replacing("/etc/", with: folder.path("etc/")).replacing(" /etc ", with: " \(folder.path("etc")) ")
      .replacing("sync /etc", with: "sync \(folder.path("etc"))")
      .replacing("sync -- /etc", with: "sync -- \(folder.path("etc"))")
      .replacing("/proc/", with: folder.path("proc/")).replacing("/usr/share/zoneinfo", with: folder.path("zoneinfo")),
      input: bytes)
  }

  private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

  private func digest(_ text: String) throws -> String { try #require(Content(text).digest(with: SecretVault())) }

  // MARK: - Modules

  @Test(
    "modules are loaded one by one; the first that is refused is named with what modprobe said", arguments: Shell.all)
  func modules(_ shell: Shell) throws {
    let modprobe = #"modprobe() { [ "$2" != broken ] || { echo "FATAL: $2" >&2; return 1; }; echo "$2" >> "$loaded"; }"#
    let stubs = "loaded=\(folder.path("loaded")); \(modprobe)"
    #expect(try run(.loadModules, StepInput([["a"], ["b"]]), stubs, by: shell).status == 0)
    #expect(try text("loaded") == "a\nb\n")
    let broken = try run(.loadModules, StepInput([["broken"], ["c"]]), stubs, by: shell)
    #expect(broken.status == 70 && broken.error == "modprobe broken: FATAL: broken\n")
    #expect(try text("loaded") == "a\nb\n")
  }

  // MARK: - Swap

  private static let fstab =
    "proc /proc proc defaults 0 0\n/swap none swap sw 0 0\n# /swap none swap sw 0 0\n\\x & none swap sw"

  @Test(
    "lines of fstab become comments; every other line is kept, and a second time changes nothing", arguments: Shell.all)
  func fstab(_ shell: Shell) throws {
    try folder.write(Array(Self.fstab.utf8), to: "etc/fstab")
    let input = StepInput([], payload: Content("/swap none swap sw 0 0\n\\x & none swap sw\ngone none swap sw\n"))
    let after = """
      proc /proc proc defaults 0 0
      # fleetd: swap is off: /swap none swap sw 0 0
      # /swap none swap sw 0 0
      # fleetd: swap is off: \\x & none swap sw

      """
    for _ in 0..<2 {
      let outcome = try run(.commentSwap, input, by: shell)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
      #expect(try text("etc/fstab") == after)
    }
    #expect(!folder.contains("etc/.fstab.fleetd-new") && !folder.contains("run/swap-lines"))
  }

  @Test("an input that is cut off anywhere leaves fstab as it was", arguments: Shell.all)
  func cutFstab(_ shell: Shell) throws {
    let before = "proc /proc proc defaults 0 0\n/swap none swap sw 0 0\n"
    try folder.write(Array(before.utf8), to: "etc/fstab")
    let whole = try #require(
      StepPrelude.input(StepInput([], payload: Content("/swap none swap sw 0 0\n")), with: SecretVault()))
    for length in 0..<whole.count {
      let outcome = try run(.commentSwap, bytes: Array(whole.prefix(length)), by: shell)
      #expect(outcome.status == 65 && outcome.error == "the input ends early\n", "\(length)")
      #expect(try text("etc/fstab") == before, "\(length)")
    }
    #expect(!folder.contains("etc/.fstab.fleetd-new") && !folder.contains("run/swap-lines"))
  }

  /// Plays the node's memory and its swap: /proc as it is fabricated here, and a swapoff that only says what it does.
  private func swapOff(used: Int, available: Int, _ paths: [String], by shell: Shell) throws -> Shell.Outcome {
    let lines = ["/var/swap\\040file", "/dev/zram0"].map { "\($0) file 9999 \(used) -2\n" }.joined()
    try folder.write(Array(("Filename Type Size Used Priority\n" + lines).utf8), to: "proc/swaps")
    try folder.write(Array("MemTotal: 9 kB\nMemAvailable: \(available) kB\n".utf8), to: "proc/meminfo")
    let stubs = #"swapoff() { echo "off $2"; echo "off $2" >&3; }; systemctl() { :; }; exec 3>&1"#
    return try run(.swapOff, StepInput([paths]), stubs, by: shell)
  }

  @Test(
    "swap is turned off by the name that the kernel gives it; what is gone already is passed over", arguments: Shell.all
  )
  func swapOff(_ shell: Shell) throws {
    let outcome = try swapOff(used: 100, available: 200, ["/var/swap\\040file", "/gone", "/dev/zram0"], by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.text == "off /var/swap file\noff /dev/zram0\n")
  }

  @Test("swap that memory cannot take back any more is left on", arguments: Shell.all)
  func swapStays(_ shell: Shell) throws {
    let outcome = try swapOff(used: 300, available: 200, ["/dev/zram0"], by: shell)
    #expect(outcome.status == 69 && outcome.text.isEmpty)
    #expect(outcome.error == "/dev/zram0: 300 KiB are swapped out and 200 KiB of memory are available\n")
  }

  // MARK: - Time

  @Test("the zone is linked, and /etc/timezone follows where there is one", arguments: Shell.all)
  func zone(_ shell: Shell) throws {
    #expect(try shell.run(#"mkdir "$1/Europe" && : > "$1/Europe/Berlin""#, [folder.path("zoneinfo")]).status == 0)
    #expect(try run(.setTimeZone, StepInput([["Europe/Berlin", ""]]), by: shell).status == 0)
    let link = try shell.run(#"readlink "$1""#, [folder.path("etc/localtime")]).text
    #expect(link.hasSuffix("zoneinfo/Europe/Berlin\n"))
    #expect(!folder.contains("etc/timezone"))

    try folder.write(Array("Etc/UTC\n".utf8), to: "etc/timezone")
    let before = String(link.dropLast())
    #expect(try run(.setTimeZone, StepInput([["Europe/Berlin", before]]), by: shell).status == 0)
    #expect(try text("etc/timezone") == "Europe/Berlin\n")
    #expect(try run(.setTimeZone, StepInput([["Europe/Berlin", "/elsewhere"]]), by: shell).status == 65)
    #expect(try run(.setTimeZone, StepInput([["Europe/Berln", before]]), by: shell).status == 69)
  }

  @Test("the wait for the clock ends when it is right or its time is over, and is written down", arguments: Shell.all)
  func clock(_ shell: Shell) throws {
    try folder.write(Array("100.25 5.00\n".utf8), to: "proc/uptime")
    let right = "timedatectl() { echo yes; }; sleep() { echo slept; }"
    let immediate = try run(.awaitClock, StepInput([["90"]]), right, by: shell)
    #expect(immediate.status == 0 && immediate.output.isEmpty)
    #expect(try text("run/clock-awaited") == "100\n")
    let off =
      #"timedatectl() { echo no; }; sleep() { echo slept; echo "190.01 9" > /proc/uptime; }"#
    let late = try run(.awaitClock, StepInput([["90"]]), off, by: shell)
    #expect(late.status == 0 && late.text == "slept\n")
    #expect(try text("run/clock-awaited") == "190\n")
  }

  @Test("the wait for the clock ends even where the time since the boot stands still", arguments: Shell.all)
  func standingClock(_ shell: Shell) throws {
    try folder.write(Array("100.25 5.00\n".utf8), to: "proc/uptime")
    let still = "timedatectl() { echo no; }; sleep() { echo slept; }"
    let outcome = try run(.awaitClock, StepInput([["3"]]), still, by: shell)
    #expect(outcome.status == 0 && outcome.text == "slept\nslept\nslept\n")
  }

  // MARK: - config.txt

  @Test("config.txt is replaced byte for byte, the old one kept beside it, and the reboot owed", arguments: Shell.all)
  func config(_ shell: Shell) throws {
    let (before, after) = ("a=1\r\n", "a=1\r\n[all]\r\nb=2\r\n")
    try folder.write(Array(before.utf8), to: "config.txt")
    try folder.write(Array("b1\nearlier\n".utf8), to: "lib/last-reboot")
    let input = StepInput(
      [[folder.path("config.txt"), try digest(before)], ["config.txt changes: + b=2"]], payload: Content(after))
    let outcome = try run(.editBootFile, input, by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(try text("config.txt") == after)
    #expect(try text("config.txt.fleetd-backup") == before)
    #expect(try text("run/pending-reboot") == "config.txt changes: + b=2\n")
    #expect(!folder.contains("config.txt.fleetd-new") && !folder.contains("lib/last-reboot"))
    // Somebody changed it in between: this plan is not of that file.
    #expect(try run(.editBootFile, input, by: shell).status == 65)
  }

  @Test("a config.txt that did not arrive whole is not put in place", arguments: Shell.all)
  func brokenConfig(_ shell: Shell) throws {
    try folder.write(Array("a=1\n".utf8), to: "config.txt")
    let lines = StepInput([[folder.path("config.txt"), try digest("a=1\n")], ["because"]])
    let input = (StepPrelude.input(lines, with: SecretVault()) ?? []) + Array("100\na=1\n".utf8)
    let text = StepPrelude.text(for: .editBootFile).replacing("/run/fleetd", with: folder.path("run"))
    #expect(try shell.run(text, input: input).status == 65)
    #expect(try self.text("config.txt") == "a=1\n")
    #expect(!folder.contains("config.txt.fleetd-new") && !folder.contains("run/pending-reboot"))
  }
}
