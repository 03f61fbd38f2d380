/// Which config.txt the firmware reads, or why that cannot be said.
package struct BootConfigObservation: Sendable {
  package let file: Result<ConfigText, Finding>
  /// Whether it was changed after this boot, by the clock of the node; `nil` when that cannot be told.
  package let isNewerThanBoot: Bool?

  package init(_ section: ProbeSection) {
    var decoy: String?
    var found: (ConfigText, Int)?
    var broken: String?
    for (index, path) in ConfigText.candidates.enumerated() where found == nil && broken == nil {
      guard let bytes = section.bytes("file/\(index)") else { continue }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        broken = path
        continue
      }
      if text.contains("DO NOT EDIT") {
        decoy = path
      } else {
        found = (ConfigText(path: path, text: text), index)
      }
    }
    let changed = found.flatMap { section.word("changed/\($0.1)") }.flatMap { Int($0) }
    let booted = section.word("booted").flatMap { Int($0) }
    isNewerThanBoot = changed.flatMap { changed in booted.map { changed > $0 } }
    if let mountPoint = section.word("unmounted") {
      file = Self.unsafe(
        "\(mountPoint) stands in /etc/fstab but is not mounted: what is written there now would be lost",
        next: "mount \(mountPoint)")
    } else if let broken {
      file = Self.unsafe(
        "\(broken) holds bytes that are no text", next: "look at the file; a backup may be beside it")
    } else if let found {
      file = .success(found.0)
    } else {
      let only = decoy.map { "only \($0), which says itself that it is not the one" } ?? "none of the known files"
      file = Self.unsafe(
        "found \(only): fleetd looks for \(ConfigText.candidates.joined(separator: ", "))",
        next: "leave boot.config out for machines without a Raspberry Pi's firmware")
    }
  }

  private static func unsafe(_ message: String, next: String) -> Result<ConfigText, Finding> {
    .failure(Finding(.refused, .configTextUnsafe, BootConfig.kind, message, next: next))
  }
}

extension BootConfig {
  package func plan(from observed: BootConfigObservation, in context: PlanContext) -> KindPlan {
    switch observed.file {
    case .failure(let finding): return KindPlan(findings: [finding])
    case .success(let file):
      let edited = file.edited(present: present, absent: absent)
      if edited.lines != file.lines { return edit(file, to: edited, in: context) }
      guard observed.isNewerThanBoot == true, context.facts.lastReboot?.bootIDAfter != context.facts.bootID else {
        return KindPlan()
      }
      return KindPlan(findings: [
        Finding(
          .note, .notice, Self.kind,
          "\(file.path) was changed after this boot: whether its lines are in force shows after a reboot only")
      ])
    }
  }

  private func edit(_ file: ConfigText, to edited: ConfigText, in context: PlanContext) -> KindPlan {
    let edits = file.edits(to: edited)
    let reason = "config.txt changes: " + edits.joined(separator: ", ")
    let last = context.facts.lastReboot
    if let last, last.bootIDAfter == context.facts.bootID, last.reasons.contains(reason) {
      return KindPlan(findings: [
        Finding(
          .blocked,
          .rebootDidNotHelp,
          Self.kind,
          "\(file.path) was edited (\(edits.joined(separator: ", "))) and the node restarted, and the edit is gone",
          next: "find what restores the file at boot (an overlay file system, another tool), then reboot by hand"
        )
      ])
    }
    let input = StepInput([[file.path, file.digest], [reason]], payload: Content(edited.text))
    let change = Change(
      .change, Self.kind, "config.txt", to: .text(edits.joined(separator: "  ")), note: file.path)
    return KindPlan(
      changeSets: [
        ChangeSet([change], steps: [Step("edit \(file.path)", .run(.editBootFile, input))])
      ],
      requests: [.reboot(because: reason)]
    )
  }
}
