extension Directories {
  package func plan(from observed: [String: ObservedDirectory], in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    // What is removed goes from the inside out.
    for directory in directories.filter({ !$0.isAbsent }) + directories.filter(\.isAbsent).reversed() {
      let own = observed[directory.path].map(directory.plan(from:)) ?? KindPlan(findings: [Self.unanswered(directory)])
      plan.changeSets += own.changeSets
      plan.findings += own.findings
    }
    return plan
  }

  /// What the node says nothing of is not absent.
  private static func unanswered(_ directory: Directory) -> Finding {
    Finding(.blocked, .probeGarbled, kind, "the node's answer says nothing of \(directory.path)", next: "run again")
  }
}

extension Directories.Directory {
  fileprivate func plan(from observed: Directories.ObservedDirectory) -> KindPlan {
    switch observed {
    case .other(let what): KindPlan(findings: [occupied(what)])
    case .absent: isAbsent ? KindPlan() : change([addition], before: "absent")
    case .directory(let attributes): isAbsent ? removal(attributes) : mend(attributes)
    }
  }

  private var addition: Change {
    let isPlain = mode == "0755" && owner == "root" && group == "root"
    return Change(.add, Directories.kind, path, note: isPlain ? nil : "mode \(mode), \(owner):\(group)")
  }

  private func mend(_ now: Directories.Attributes) -> KindPlan {
    var changes: [Change] = []
    let nowMode = String(repeating: "0", count: max(0, 4 - now.mode.count)) + now.mode
    if nowMode != mode {
      changes.append(Change(.change, Directories.kind, "\(path) mode", from: .text(nowMode), to: .text(mode)))
    }
    let (before, after) = ("\(now.owner):\(now.group)", "\(owner):\(group)")
    if before != after {
      changes.append(Change(.change, Directories.kind, "\(path) owner", from: .text(before), to: .text(after)))
    }
    return changes.isEmpty ? KindPlan() : change(changes, before: "\(now.mode) \(now.owner) \(now.group)")
  }

  private func change(_ changes: [Change], before: String) -> KindPlan {
    let input = StepInput([[path, mode, owner, group, before]])
    let verb = before == "absent" ? "make" : "set mode and owner of"
    return KindPlan(changeSets: [ChangeSet(changes, steps: [Step("\(verb) \(path)", .run(.directory, input))])])
  }

  private func removal(_ now: Directories.Attributes) -> KindPlan {
    guard now.entries == 0 else { return KindPlan(findings: [notEmpty(now.entries)]) }
    let step = Step("remove \(path)", .run(.removeDirectory, StepInput([[path]])))
    return KindPlan(changeSets: [ChangeSet([Change(.remove, Directories.kind, path)], steps: [step])])
  }

  private func notEmpty(_ entries: Int?) -> Finding {
    let size = entries.map { $0 == 1 ? "one entry" : $0 >= 10_000 ? "10,000 entries or more" : "\($0) entries" }
    return Finding(
      .refused,
      .directoryNotEmpty,
      Directories.kind,
      "\(path) holds \(size ?? "an unknown number of entries"); fleetd removes empty directories only",
      next: "look at what is in it (ls -lA \(path)), and move or remove that"
    )
  }

  private func occupied(_ what: String) -> Finding {
    Finding(
      .refused,
      .pathOccupied,
      Directories.kind,
      "\(path) is \(what) on the node, not a directory; fleetd does not replace it",
      next: "remove it by hand, or manage the path that it stands for"
    )
  }
}

extension StepScript {
  /// Line: path, mode, owner, group, and what was observed: "absent", or mode (as stat writes it), owner and group
  /// separated by blanks.
  ///
  /// What is changed is the directory that the script stands in, so that nobody can put a link in its place meanwhile. A
  /// leading 0 more makes chmod(1) take the set-group-ID bit of a directory away as well.
  static let directory = StepScript(
    "directory",
    #"""
    IFS=$tab read -r path mode owner group before || die 65 "the input ends early"
    umask 022
    changed="$path is not what it was when it was observed"
    if [ "$before" = absent ]; then
      [ ! -L "$path" ] && [ ! -e "$path" ] || die 65 "$changed"
      parent=$(dirname -- "$path")
      mkdir -p -- "$parent" && mkdir -m 0700 -- "$path" || die 73 "$path cannot be made"
    fi
    [ ! -L "$path" ] && cd -- "$path" || die 65 "$changed"
    [ "$(stat -c %d:%i .)" = "$(stat -c %d:%i -- "$path")" ] || die 65 "$changed"
    [ "$before" = absent ] || [ "$(stat -c '%a %U %G' .)" = "$before" ] || die 65 "$changed"
    chown -- "$owner:$group" . || die 67 "no such owner: $owner:$group"
    chmod -- "0$mode" . || die 70 "the mode of $path cannot be set"
    sync . || die 73 "$path cannot be written"
    """#
  )

  /// Line: path. rmdir(2) itself refuses what is not empty, and what is a link.
  static let removeDirectory = StepScript(
    "remove-directory",
    #"""
    IFS=$tab read -r path || die 65 "the input ends early"
    [ -d "$path" ] || exit 0
    rmdir -- "$path" || die 70 "$path cannot be removed"
    sync -- "$(dirname -- "$path")" || die 73 "$path cannot be removed for good"
    """#
  )
}
