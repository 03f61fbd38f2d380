import OrderedCollections

extension AptRun {
  mutating func repair(_ observed: ObservedPackages) {
    repairs = true
    let causes =
      (observed.wasInterrupted ? ["dpkg was interrupted"] : [])
      + (observed.broken.isEmpty ? [] : ["half done: " + Self.listed(observed.broken)])
    changes.append(Change(.act, Packages.kind, "dpkg", note: "repair; " + causes.joined(separator: "; ")))
  }

  mutating func remove(_ name: String, _ present: ObservedPackages.Package) {
    removals.append(name)
    changesHeld = changesHeld || present.isHeld
    let note = present.isHeld ? "held until now" : nil
    changes.append(Change(.remove, Packages.kind, name, from: .text(present.version), note: note))
  }

  mutating func install(
    _ name: String,
    _ version: PackageVersionPattern,
    offer: String?,
    over installed: ObservedPackages.Package?,
    holding hold: Bool?,
    _ observed: ObservedPackages,
    _ lists: PackageLists
  ) {
    // dpkg holds names, installed or not.
    let isHeld = observed.packages[name]?.isHeld ?? false
    let target = offer ?? (version.isExact ? version.description : nil)
    let isLower = Self.isLower(target, than: installed?.version)
    downgrades = downgrades || isLower
    changesHeld = changesHeld || isHeld
    // What a repair or a refresh may still change is settled by the step.
    let isSettled = !repairs && !lists.isStale
    installs.append((name, isSettled ? target ?? version.description : version.description))
    // apt takes a hold away from what it changes.
    if hold ?? isHeld { holds.append(name) }
    if hold == false, isHeld { releases.append(name) }
    let notes = [
      isLower ? "downgrade" : nil,
      (hold ?? isHeld) ? (isHeld ? "held, and held again" : "then held") : nil,
      hold == false && isHeld ? "no longer held" : nil,
      lists.isStale ? "\(lists.description); they will be refreshed first" : nil,
    ].compactMap { $0 }
    changes.append(
      Change(
        installed == nil ? .add : .change,
        Packages.kind,
        name,
        from: installed.map { .text($0.version) } ?? .none,
        to: .text(target ?? (version == .any ? "newest" : version.description)),
        note: notes.isEmpty ? nil : notes.joined(separator: "; ")
      )
    )
  }

  mutating func setHold(_ name: String, _ installed: ObservedPackages.Package, _ hold: Bool?) {
    guard let hold, hold != installed.isHeld else { return }
    if hold { holds.append(name) } else { releases.append(name) }
    let (before, after) = hold ? ("not held", "held") : ("held", "not held")
    changes.append(
      Change(
        .change,
        Packages.kind,
        "\(name) hold",
        from: .text(before),
        to: .text(after),
        note: "at \(installed.version)"
      )
    )
  }

  /// What apt adds or upgrades by itself is told at the last package that is installed.
  mutating func noteDependencies(_ simulation: AptSimulation?) {
    let named = Set(installs.map(\.name))
    let others = (simulation?.installs.keys ?? []).filter { !named.contains($0) }
    let index = changes.lastIndex { change in installs.contains { $0.name == change.name } }
    guard !others.isEmpty, let index else { return }
    let change = changes[index]
    let note = [change.note, "with " + Self.listed(Array(others))].compactMap { $0 }.joined(separator: "; ")
    changes[index] = Change(change.action, change.kind, change.name, from: change.before, to: change.after, note: note)
  }

  private static func isLower(_ target: String?, than installed: String?) -> Bool {
    guard let target = target.flatMap(DebianVersion.init), let installed = installed.flatMap(DebianVersion.init) else {
      return false
    }
    return target < installed
  }
}
