package import YAMLSource

/// systemd's journal: where it is kept and how large it may grow. On an SD card this is most of what is written.
package struct Journal: Resource {
  package static let kind = ResourceKind("journal")
  package static let field: Field? = Field(
    "journal",
    .object([
      Field(
        "storage", .choice(["persistent", "volatile", "auto"]),
        "persistent: /var/log/journal; volatile: memory, lost at a reboot; auto: persistent where that directory exists."
      ),
      Field("maxUse", .text(.byteSize), "How much of the disk it may take in all, such as 200M."),
      Field("runtimeMaxUse", .text(.byteSize), "How much memory it may take in all, such as 32M."),
      Field("maxFileSize", .text(.byteSize), "How large one file may grow before the next one is begun."),
      Field("syncInterval", .duration, "How long messages may wait before they are written to the disk."),
    ]),
    "systemd's journal. Nothing is written where nothing is given."
  )

  package static let unit = "systemd-journald.service"

  package let storage: String?
  package let dropIn: SystemdDropIn

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Journal? {
    guard let entries = entry?.mapping, !entries.entries.isEmpty else { return nil }
    func text(_ key: String) -> String? { entries[key]?.string }
    let interval = text("syncInterval").flatMap(DurationText.parse).map { "\($0.components.seconds)s" }
    let dropIn = SystemdDropIn(
      kind: kind, configuration: "journald.conf", section: "Journal",
      settings: [
        ("Storage", text("storage")), ("SystemMaxUse", text("maxUse")), ("RuntimeMaxUse", text("runtimeMaxUse")),
        ("SystemMaxFileSize", text("maxFileSize")), ("SyncIntervalSec", interval),
      ],
      notify: [unit]
    )
    return Journal(storage: text("storage"), dropIn: dropIn)
  }

  package var claims: [PathClaim] { [PathClaim(dropIn.path, at: nil)] }
  package var declared: [String] { [dropIn.path] }
  package var notifiedUnits: [String] { dropIn.notify }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { [dropIn.file.probeLine] }

  /// journald leaves the file where it wrote before; the one that it writes to is the newer.
  ///
  /// `settings_of CONFIGURATION KEYS` tells how the drop-ins of one of systemd's configuration files set a few keys; the
  /// kinds `time` and `watchdog` use it too.
  package static let probe = ProbeFragment(
    #"""
    probe_journal() {
      [ "$1" -gt 0 ] || return 0
      files_observe "$1" || return 1
      emit settings "$(settings_of journald.conf 'Storage|SystemMaxUse|RuntimeMaxUse|SystemMaxFileSize|SyncIntervalSec')"
      slurp /etc/machine-id; journal_id=${slurped%%"$newline"*}
      journal_disk=/var/log/journal/$journal_id/system.journal
      journal_memory=/run/log/journal/$journal_id/system.journal
      if [ -e "$journal_memory" ] && { [ ! -e "$journal_disk" ] || [ "$journal_memory" -nt "$journal_disk" ]; }; then
        emit writes memory
      elif [ -e "$journal_disk" ]; then emit writes disk
      fi
      if [ -e /run/systemd/journal/flushed ]; then emit flushed yes; fi
      return 0
    }
    settings_of() {
      grep -sHE "^[[:space:]]*($2)[[:space:]]*=" /usr/lib/systemd/"$1".d/*.conf /usr/local/lib/systemd/"$1".d/*.conf \
        /run/systemd/"$1".d/*.conf /etc/systemd/"$1".d/*.conf || return 0
    }
    """#
  )

  package struct Observed: Sendable {
    package let file: ObservedFile
    package let others: SystemdSettings
    /// `nil` while there is no journal.
    package let writesToDisk: Bool?
    /// Whether the boot is so far that journald may write to /var.
    package let isFlushed: Bool
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    guard let file = try ObservedFile.parse(section).values.first else { throw .missing(section: "journal.stat") }
    return Observed(
      file: file,
      others: SystemdSettings(section.text("settings") ?? ""),
      writesToDisk: section.word("writes").map { $0 == "disk" },
      isFlushed: section.word("flushed") != nil
    )
  }

  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    var plan = dropIn.file.plan(from: observed.file, in: context)
    plan.findings += dropIn.overridden(by: observed.others)
    if plan.changeSets.isEmpty, plan.findings.isEmpty, let place = misplaced(observed) {
      plan.requests.append(.restart(unit: Self.unit))
      plan.findings.append(
        Finding(.note, .notice, Self.kind, "journald still writes to \(place): it is restarted"))
    }
    return plan
  }

  /// Where journald writes although its configuration says otherwise.
  private func misplaced(_ observed: Observed) -> String? {
    switch storage {
    case "persistent" where observed.isFlushed && observed.writesToDisk == false: "memory"
    case "volatile" where observed.writesToDisk == true: "the disk"
    default: nil
    }
  }
}

extension TextRule {
  /// systemd's sizes: whole numbers of bytes, with K, M, G or T for powers of 1024.
  static let byteSize = TextRule("a size such as \"200M\" (K, M, G or T)") { text in
    let digits = text.last.map { "KMGT".contains($0) } == true ? text.dropLast() : Substring(text)
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return "is no size" }
    return digits.count > 15 || digits.first == "0" ? "is no size that systemd takes" : nil
  }
}
