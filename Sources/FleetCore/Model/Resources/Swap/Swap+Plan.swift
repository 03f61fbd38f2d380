extension Swap {
  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    var changes: [Change] = []
    var steps: [Step] = []
    for file in generatorFiles(observed) {
      let filePlan = file.plan(from: observed.files[file.path] ?? .absent, in: context)
      changes += filePlan.changeSets.flatMap(\.changes)
      steps += filePlan.changeSets.flatMap(\.steps)
      plan.findings += filePlan.findings
    }
    if !observed.fstab.isEmpty {
      changes += observed.fstab.map { Change(.remove, Self.kind, "/etc/fstab", from: .text($0), note: "commented out") }
      let input = StepInput([], payload: Content(observed.fstab.map { $0 + "\n" }.joined()))
      steps.append(Step("comment swap out of /etc/fstab", .run(.commentSwap, input)))
    }
    let enabled = units(context) { $0.canBeDisabled }
    changes += enabled.map { Change(.change, Self.kind, $0, from: .text("enabled"), to: .text("disabled")) }
    if !enabled.isEmpty {
      steps.append(Step("disable what turns swap on", .run(.units, StepInput(enabled.map { ["disable", $0] }))))
    }
    if let obstacle = obstacle(observed) {
      plan.findings.append(obstacle)
    } else if !observed.active.isEmpty {
      changes += observed.active.map {
        Change(.remove, Self.kind, $0.path, from: .text("\($0.size >> 10) MiB, \($0.used >> 10) MiB in use"))
      }
      let input = StepInput([observed.active.map(\.path)])
      steps.append(Step("swapoff", .runAsUnit(.swapOff, input), deadline: deadline))
    }
    if !changes.isEmpty { plan.changeSets.append(ChangeSet(changes, steps: steps)) }
    return plan
  }

  private func generatorFiles(_ observed: Observed) -> [ManagedFile] {
    var files: [ManagedFile] = []
    if observed.hasRaspberryPiSwap { files.append(Self.raspberryPi) }
    // Our own file there is one, too: it stays right.
    if observed.hasZramGenerator { files.append(Self.zramGenerator) }
    return files
  }

  private func units(_ context: PlanContext, where condition: (UnitState) -> Bool) -> [String] {
    let states = context.observed(Services.self) ?? [:]
    return Self.units.filter { unit in states[unit].map { $0.exists && condition($0) } ?? false }
  }

  /// What is swapped out must fit into memory, or the kernel ends a process to make room.
  private func obstacle(_ observed: Observed) -> Finding? {
    let used = observed.active.reduce(0) { $0 + $1.used }
    guard used > 0, let available = observed.available, used > available - Self.reserve else { return nil }
    return Finding(
      .blocked,
      .swapInUse,
      Self.kind,
      "\(used >> 10) MiB are swapped out and \(available >> 10) MiB of memory are available: turning swap off now would "
        + "have the kernel end something",
      next: "free memory (fewer pods, kubectl drain), or reboot the node: it comes up without swap"
    )
  }

  /// KiB that stay free for the node itself.
  static let reserve = 64 << 10
}

extension StepScript {
  /// Payload: the lines of /etc/fstab. Each becomes a comment that begins with "# fleetd: swap is off: ", which is how
  /// a person finds it again. Lines that changed meanwhile are left alone; a next pass sees them. The new file has as many
  /// lines as the old one, whatever became of the input.
  static let commentSwap = StepScript(
    "fstab-swap",
    #"""
    file=/etc/fstab; new=/etc/.fstab.fleetd-new; lines=/run/fleetd/swap-lines
    trap 'rm -f -- "$new" "$lines"' EXIT
    read_payload > "$lines" || die 73 "/run/fleetd cannot be written"
    [ -f "$file" ] && [ ! -L "$file" ] || die 65 "$file is no regular file any more"
    before=$(digest_of "$file")
    cp -p -- "$file" "$new" || die 73 "$new cannot be written: $(no_space /etc)"
    awk 'FILENAME == ARGV[1] { swap[$0] = 1; next } $0 in swap { $0 = "# fleetd: swap is off: " $0 } { print }' \
      "$lines" "$file" > "$new" || die 73 "$new cannot be written: $(no_space /etc)"
    [ "$(wc -l < "$new")" -ge "$(wc -l < "$file")" ] || die 73 "$new did not arrive whole: $(no_space /etc)"
    expect_digest "$file" "$before"
    sync -- "$new" && mv -T -- "$new" "$file" && sync -- /etc || die 73 "$file cannot be replaced"
    """#
  )

  /// Line 1: paths as /proc/swaps has them. Looks at memory once more before each: minutes may have passed.
  static let swapOff = StepScript(
    "swapoff",
    #"""
    read_words
    systemctl daemon-reload || die 70 "systemd cannot reload its units"
    swap_off() {
      used=$(path=$1 awk '$1 == ENVIRON["path"] { print $4 }' /proc/swaps)
      [ -n "$used" ] || return 0
      available=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
      [ "$used" -le "${available:-0}" ] \
        || die 69 "$1: $used KiB are swapped out and ${available:-0} KiB of memory are available"
      message=$(swapoff -- "$(printf %b "$(printf %s "$1" | sed 's/\\\([0-7]\{3\}\)/\\0\1/g')")" 2>&1) \
        || die 70 "swapoff $1: $message"
    }
    each_word swap_off "$words"
    """#
  )
}
