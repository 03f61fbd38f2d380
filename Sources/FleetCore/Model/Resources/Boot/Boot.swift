package import YAMLSource

/// The kernel command line that a Pi's firmware reads: one line, edited token by token.
package struct Boot: Resource {
  package static let kind = ResourceKind("boot")
  package static let field: Field? = Field(
    "boot",
    .object([
      Field(
        "cmdline",
        .object([
          Field(
            "present",
            .list(of: .text(.kernelParameter), merge: .set),
            "Parameters that must stand in the file, and take effect at the next boot."
          ),
          Field(
            "absent", .list(of: .text(.kernelParameter), merge: .set),
            "Parameters that must not stand in the file; root= is never removed."),
        ]),
        "The kernel command line in cmdline.txt. Other parameters and their order are kept."
      ),
      BootConfig.field(named: "config"),
      Cgroups.field(named: "cgroups"),
      Reboot.field(named: "rebootDeadline"),
    ]),
    "What the kernel is started with, and what must be live afterwards."
  )

  package let present: [String]
  package let absent: [String]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Boot? {
    guard let cmdline = entry?.mapping?["cmdline"]?.mapping else { return nil }
    let present = cmdline["present"]?.sequence ?? []
    let absent = cmdline["absent"]?.sequence ?? []
    for node in absent {
      guard let token = node.string else { continue }
      if present.contains(where: { $0.string == token }) {
        diagnostics.report(at: node.mark, "boot.cmdline: \"\(token)\" is both present and absent")
      }
      if token.hasPrefix("root=") {
        diagnostics.report(
          at: node.mark,
          "boot.cmdline: removing \"\(token)\" would leave the node without its root file system",
          hint: "fleetd never removes root="
        )
      }
    }
    for node in present { reportUnbootable(node, &diagnostics) }
    return Boot(present: present.compactMap(\.string), absent: absent.compactMap(\.string))
  }

  /// Its changes are all to one line; what is kept there is told parameter by parameter.
  package var declared: [String] { present }
  package var declaredAbsent: [String] { absent }
  package var claims: [PathClaim] { CommandLineFile.candidates.map { PathClaim($0, at: nil) } }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> BootObservation {
    BootObservation(section)
  }

  package func plan(from observed: BootObservation, in context: PlanContext) -> KindPlan {
    guard !(present.isEmpty && absent.isEmpty) else { return KindPlan() }
    switch observed.file {
    case .failure(let finding): return KindPlan(findings: [finding])
    case .success(let file): return plan(for: file, in: context)
    }
  }

  private func plan(for file: CommandLineFile, in context: PlanContext) -> KindPlan {
    if let problem = file.firstBootProblem {
      return KindPlan(findings: [
        Finding(.held, .firstBoot, Self.kind, "\(file.path) still holds \(problem): the image's first boot rewrites it")
      ])
    }
    let edited = file.edited(present: present, absent: absent)
    if edited != file { return edit(file, to: edited, in: context) }
    return live(file, in: context)
  }

  private func edit(
    _ file: CommandLineFile, to edited: CommandLineFile, in context: PlanContext
  ) -> KindPlan {
    let added = edited.tokens.filter { !file.tokens.contains($0) }.map { "+ \($0)" }
    let removed = file.tokens.filter { !edited.tokens.contains($0) }.map { "- \($0)" }
    let extra = file.extraLines.isEmpty ? [] : ["- line 2, which the kernel never reads: \(file.extraLines[0])"]
    let reason = added.isEmpty && removed.isEmpty ? "" : Self.reason(for: added + removed)
    if !reason.isEmpty, wasUndone(reason, context.facts) {
      return KindPlan(findings: [Self.undone(file, added + removed)])
    }
    let input = StepInput([[file.path, file.digest], [reason]], payload: Content(edited.text))
    return KindPlan(
      changeSets: [
        ChangeSet(
          [
            Change(
              .change,
              Self.kind,
              "cmdline",
              to: .text((added + removed + extra).joined(separator: "  ")),
              note: file.path
            )
          ],
          steps: [Step("edit \(file.path)", .run(.editBootFile, input))]
        )
      ],
      requests: reason.isEmpty ? [] : [.reboot(because: reason)]
    )
  }

  /// Whether the boot that is on is the one that this very edit led to, and the edit is neither in the file nor in
  /// the kernel: doing it once more would reboot for ever.
  private func wasUndone(_ reason: String, _ facts: HostFacts) -> Bool {
    guard let last = facts.lastReboot, last.bootIDAfter == facts.bootID, last.reasons.contains(reason) else {
      return false
    }
    let running = facts.kernelCommandLine.split(separator: " ").map(String.init)
    return !present.allSatisfy(running.contains) || absent.contains(where: running.contains)
  }

  private static func undone(_ file: CommandLineFile, _ edits: [String]) -> Finding {
    Finding(
      .blocked,
      .rebootDidNotHelp,
      kind,
      "\(file.path) was edited (\(edits.joined(separator: ", "))) and the node restarted, and the edit is gone",
      next: "find what restores the file at boot (an overlay file system, another tool), then reboot the node by hand"
    )
  }

  private static let edit = "cmdline.txt changes: "

  private static func reason(for edits: [String]) -> String { edit + edits.joined(separator: ", ") }

  /// Whether the last reboot was made for the edit that added `tokens`.
  private func hasRebooted(with tokens: [String], _ facts: HostFacts) -> Bool {
    let reasons = facts.lastReboot?.reasons.filter(facts.hasRebooted) ?? []
    let edits = reasons.filter { $0.hasPrefix(Self.edit) }
      .flatMap { $0.dropFirst(Self.edit.count).split(separator: ", ") }
    return tokens.allSatisfy { edits.contains("+ \($0)") }
  }

  /// The file is right; is the kernel running with it?
  private func live(_ file: CommandLineFile, in context: PlanContext) -> KindPlan {
    let running = context.facts.kernelCommandLine.split(separator: " ").map(String.init)
    let missing = present.filter { !running.contains($0) }
    guard !missing.isEmpty else { return KindPlan() }
    let reason = "not live: " + missing.joined(separator: " ")
    guard hasRebooted(with: missing, context.facts) || context.facts.hasRebooted(for: reason) else {
      return KindPlan(requests: [.reboot(because: reason)])
    }
    return KindPlan(findings: [
      Finding(
        .blocked,
        .rebootDidNotHelp,
        Self.kind,
        "\(file.path) holds \(missing.joined(separator: " ")), but the kernel was started without, also after a reboot",
        next: "the firmware reads another file: look for cmdline= and os_prefix= in config.txt and its includes"
      )
    ])
  }
}
