extension Host {
  /// Mostly shell built-ins: a process costs a Pi more than a file.
  package static let probe = ProbeFragment(
    #"""
    probe_host() {
      for name in boot-id:/proc/sys/kernel/random/boot_id machine-id:/etc/machine-id \
        hostname:/proc/sys/kernel/hostname kernel:/proc/sys/kernel/osrelease cmdline:/proc/cmdline \
        os-release:/etc/os-release model:/sys/firmware/devicetree/base/model \
        serial:/sys/firmware/devicetree/base/serial-number
      do
        slurp "${name#*:}" 2>/dev/null && emit "${name%%:*}" "$slurped"
      done
      emit architecture "$(dpkg --print-architecture)"
      emit free "$(stat -f -c '%a %S' / /var/lib /usr/local/bin 2>/dev/null)"
      emit clock "$(date -u +%s)"
      if [ -e /run/systemd/timesync/synchronized ]; then emit synchronised yes
      elif [ -d /run/systemd/timesync ]; then emit synchronised no
      fi
      if [ -d /run/cloud-init ] && [ ! -e /run/cloud-init/result.json ] && [ ! -e /run/cloud-init/disabled ]; then
        emit cloud-init running
      fi
      pending=
      for name in /run/fleetd/pending/*; do [ -e "$name" ] && pending="$pending${name##*/}$newline"; done
      emit pending "$pending"
      slurp /var/lib/fleetd/last-reboot && emit last-reboot "$slurped"
      slurp /var/lib/fleetd/board && emit board "$slurped"
      host_declared
      if IFS=' .' read -r uptime _ < /proc/uptime; then emit uptime "$uptime"; fi
      for name in /run/fleetd/steps/*; do
        [ -d "$name" ] && [ ! -e "$name/status" ] || continue
        for running in /sys/fs/cgroup /sys/fs/cgroup/systemd; do
          [ -d "$running/system.slice/fleetd-${name##*/}.service" ] && slurp "$name/started" \
            && emit running "${name##*/} $slurped"
        done
      done
      return 0
    }
    # What fleetd once declared here: at most 2000 lines, whatever stands there.
    host_declared() {
      [ -r /var/lib/fleetd/declared ] || return 0
      declared=; declared_left=2000
      while [ "$declared_left" -gt 0 ] && IFS= read -r declared_line; do
        declared="$declared$declared_line$newline"; declared_left=$((declared_left - 1))
      done < /var/lib/fleetd/declared
      emit declared "$declared"
    }
    """#
  )
}

extension HostFacts {
  package init(_ section: ProbeSection) throws(ProbeError) {
    let bootID = try section.required("boot-id").trimmingWhitespace()
    let architecture = try section.required("architecture").trimmingWhitespace()
    guard let clock = section.word("clock").flatMap({ Int($0) }), (0...Self.latestClock).contains(clock) else {
      throw .missing(section: "host.clock")
    }
    let free = (section.text("free") ?? "").split(separator: "\n").compactMap { line -> Int? in
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      return numbers.count == 2 ? numbers[0].multipliedReportingOverflow(by: numbers[1]).partialValue : nil
    }
    guard let smallest = free.min() else { throw .missing(section: "host.free") }
    let commandLine = section.word("cmdline") ?? ""
    self.init(
      bootID: bootID,
      machineID: section.word("machine-id") ?? "",
      hostname: section.word("hostname") ?? "",
      architecture: architecture,
      kernel: section.word("kernel") ?? "",
      operatingSystem: Self.prettyName(section.text("os-release") ?? ""),
      model: section.word("model"),
      serial: section.word("serial"),
      freeBytes: smallest,
      clock: clock,
      clockSkew: 0,
      isClockSynchronised: section.word("synchronised").map { $0 == "yes" },
      kernelCommandLine: commandLine,
      firstBoot: Self.firstBoot(commandLine: commandLine, cloudInit: section.word("cloud-init")),
      pendingRestarts: (section.text("pending") ?? "").split(separator: "\n").map(String.init).sorted(),
      lastReboot: section.text("last-reboot").flatMap(Self.lastReboot),
      runningStep: section.word("running").flatMap(Self.runningStep),
      record: NodeRecord(board: section.word("board"), declared: section.text("declared") ?? ""),
      uptime: section.word("uptime").flatMap { Int($0) }
    )
  }

  /// The end of the year 9999: no sum of two clocks overflows.
  private static let latestClock = 253_402_300_799

  private static func prettyName(_ osRelease: String) -> String {
    for line in osRelease.split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
      return line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" }
    }
    return "unknown"
  }

  /// Bookworm's firstboot and firstrun, and cloud-init: what they write to the command line would be lost or theirs.
  private static func firstBoot(commandLine: String, cloudInit: String?) -> String? {
    if cloudInit != nil { return "cloud-init is still running" }
    let tokens = commandLine.split(separator: " ")
    if tokens.contains(where: { $0.hasPrefix("init=") && $0.hasSuffix("/firstboot") }) {
      return "the kernel was started with the image's firstboot"
    }
    return tokens.contains { $0.hasPrefix("systemd.run=") } ? "the kernel was started with systemd.run" : nil
  }

  /// The boot id before, and behind a blank the one after; then one reason a line.
  private static func lastReboot(_ text: String) -> LastReboot? {
    var lines = text.split(separator: "\n").map(String.init)
    guard !lines.isEmpty else { return nil }
    let boots = lines.removeFirst().split(separator: " ").map(String.init)
    guard let before = boots.first else { return nil }
    return LastReboot(bootIDBefore: before, bootIDAfter: boots.dropFirst().first, reasons: lines)
  }

  private static func runningStep(_ text: String) -> RunningStep? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let since = Int(words[1]) else { return nil }
    return RunningStep(name: String(words[0]), since: since)
  }
}
