import Testing

@testable import FleetModel

/// Fragments of the probe, run for real on files of a directory of their own.
@Suite("the probe of modules, swap, time and config.txt")
struct MachineProbeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs the section `kind` with its paths below the directory; `stubs` are shell functions.
  private func probe(
    _ kind: ResourceKind, _ lines: [[String]], _ roots: [String], _ stubs: String = "", by shell: Shell
  ) throws -> ProbeSection {
    var script = ResourceRegistry.probeScript
    for root in roots { script = script.replacing(root, with: folder.path + root) }
    let outcome = try shell.run(stubs + "\n" + script, input: ProbeScript.input([ProbeRequest(kind, lines)]))
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    return try ProbeTranscript(parsing: outcome.output).section(kind)
  }

  private func prepare(_ script: String, by shell: Shell) throws {
    let made = try shell.run("cd \"$1\" || exit 1\n" + script, [folder.path])
    #expect(made.status == 0, "\(made.error)")
  }

  @Test("modules are told apart: loaded, under another name, built in, to be loaded, unknown", arguments: Shell.all)
  func modules(_ shell: Shell) throws {
    try prepare("mkdir -p sys/module/loaded sys/module/real_name lib/modules/1.0-x", by: shell)
    let modprobe = #"""
      modprobe() { read -r stolen; case $4 in
        alias) printf 'insmod /m/dep.ko\ninsmod /m/real-name.ko.xz option=1\n' ;; builtin) echo 'builtin builtin' ;;
        loadable) echo 'insmod /m/loadable.ko.zst' ;; off) echo 'install /bin/true' ;; *) return 1 ;;
      esac; }
      """#
    let names = ["loaded", "alias", "builtin", "loadable", "off", "unknown"]
    let file = Modules.path
    let section = try probe(
      Modules.kind, [["unknown", "shown", file]] + names.map { [$0] }, ["/sys/module", "/lib/modules/"], modprobe,
      by: shell)
    let observed = try Modules.parse(section)
    #expect(
      names.map { observed.states[$0] } == [.live, .live, .live, .loadable, .replaced(by: "/bin/true"), .unknown])
    #expect(observed.otherReleases == ["1.0-x"])
  }

  @Test("swap is told with its numbers, lines of fstab, and the generators that are there", arguments: Shell.all)
  func swap(_ shell: Shell) throws {
    try prepare(
      #"""
      mkdir -p proc etc/rpi usr/lib/systemd
      printf 'Filename\tType\tSize\tUsed\tPriority\n/var/swap file 204796 1024 -2\n' > proc/swaps
      printf 'MemTotal: 8 kB\nMemAvailable: 4242 kB\n' > proc/meminfo
      printf '# swap\n\n/swap none swap sw 0 0\nx /swap ext4\nlast none swap' > etc/fstab
      : > etc/rpi/swap.conf; echo '[zram0]' > usr/lib/systemd/zram-generator.conf
      """#, by: shell)
    let lines = [Swap.raspberryPi, Swap.zramGenerator].map { ["unknown", "shown", folder.path($0.path)] }
    let section = try probe(
      Swap.kind, lines, ["/proc/swaps", "/proc/meminfo", "/etc/fstab", "/etc/rpi", "/usr/lib/systemd"], by: shell)
    let observed = try Swap.parse(section)
    #expect(observed.active == [Swap.ActiveSwap(path: "/var/swap", size: 204_796, used: 1024)])
    #expect(observed.available == 4242)
    #expect(observed.fstab == ["/swap none swap sw 0 0", "last none swap"])
    #expect(observed.hasRaspberryPiSwap && observed.hasZramGenerator)
  }

  @Test("the time zone is told: linked, copied, or none; and whether the wanted one is there", arguments: Shell.all)
  func zone(_ shell: Shell) throws {
    try prepare("mkdir -p etc usr/share/zoneinfo; : > usr/share/zoneinfo/UTC", by: shell)
    func observe(_ zone: String) throws -> TimeZone.Observed {
      try TimeZone.parse(probe(TimeZone.kind, [[zone]], ["/etc/localtime", "/etc/timezone", "/usr/share"], by: shell))
    }
    #expect(try observe("UTC").zone == "UTC" && observe("UTC").isKnown)
    #expect(try !observe("Mars/Base").isKnown)
    try prepare("ln -s /usr/share/zoneinfo/Europe/Berlin etc/localtime; echo Europe/Berlin > etc/timezone", by: shell)
    #expect(try observe("UTC").zone == "Europe/Berlin" && observe("UTC").file == "Europe/Berlin")
    try prepare("rm etc/localtime; : > etc/localtime", by: shell)
    #expect(try observe("UTC").zone == "a copy")
  }

  @Test("a wait for the clock is told by its age; rubbish in its place is none", arguments: Shell.all)
  func awaited(_ shell: Shell) throws {
    func observe() throws -> Int? {
      let line = ["unknown", "shown", folder.path("none")]
      return try TimeSync.parse(
        probe(TimeSync.kind, [line], ["/run/fleetd/clock-awaited", "/proc/uptime"], by: shell)
      ).awaited
    }
    #expect(try observe() == nil)
    try prepare(
      "mkdir -p run/fleetd proc; echo 100 > run/fleetd/clock-awaited; echo '160.75 3' > proc/uptime", by: shell)
    #expect(try observe() == 60)
    try prepare("echo 'x[$(exit 9)]' > run/fleetd/clock-awaited", by: shell)
    #expect(try observe() == nil)
  }

  @Test("config.txt is told with the time of its change and of the boot", arguments: Shell.all)
  func config(_ shell: Shell) throws {
    try prepare(#"mkdir -p boot/firmware; printf 'a=1\r\n' > boot/firmware/config.txt"#, by: shell)
    let section = try probe(BootConfig.kind, [], ["/boot/firmware/", "/boot/config.txt"], by: shell)
    #expect(section.bytes("file/0") == Array("a=1\r\n".utf8) && section.bytes("file/1") == nil)
    let observed = BootConfigObservation(section)
    #expect(observed.isNewerThanBoot == true)
    #expect((try? observed.file.get())?.path == "/boot/firmware/config.txt")
  }

  @Test("who sets what is told with the file's path", arguments: Shell.all)
  func settings(_ shell: Shell) throws {
    try prepare(
      #"""
      mkdir -p etc/systemd/journald.conf.d usr/lib/systemd/journald.conf.d
      printf '[Journal]\n#Storage=none\n Storage = volatile\nSplitMode=uid\n' > etc/systemd/journald.conf.d/99-x.conf
      printf '[Journal]\nStorage=auto\n' > usr/lib/systemd/journald.conf.d/40-y.conf
      """#, by: shell)
    let line = ["unknown", "shown", folder.path("none")]
    let section = try probe(
      Journal.kind, [line], ["/usr/lib/systemd", "/run/systemd", "/etc/systemd"], by: shell)
    let settings = try Journal.parse(section).others
    let winner = settings.assignment(of: "Storage", after: "/etc/systemd/journald.conf.d/60-fleetd.conf")
    #expect(winner?.path.hasSuffix("/99-x.conf") == true && winner?.value == "volatile")
    #expect(settings.assignment(of: "SplitMode", after: "/etc/systemd/journald.conf.d/60-fleetd.conf") == nil)
  }
}
