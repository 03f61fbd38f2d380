extension Packages {
  /// Fresh lists offer nothing that would do.
  func notFound(
    _ name: String,
    _ version: PackageVersionPattern,
    _ observed: ObservedPackages,
    _ lists: PackageLists
  ) -> Finding {
    let offers = observed.offers[name] ?? []
    if offers.isEmpty {
      return Finding(
        .blocked,
        .packageNotFound,
        Self.kind,
        "no package source of the node offers \(name) (\(lists.description))",
        next: "check the name: a virtual package is not one (apt-cache showpkg \(name)); or add the source that has it"
      )
    }
    return Finding(
      .blocked,
      .packageNotFound,
      Self.kind,
      "no package source of the node offers \(name) \(version) (\(lists.description))",
      next: "offered: \(AptRun.listed(offers)); if \(version) was published since, run apt-get update on the node"
    )
  }

  /// What the last refresh did not reach; what is to be had from the other sources did not wait for it.
  func unreachedSources(_ observed: ObservedPackages) -> [Finding] {
    guard !observed.unreachedSources.isEmpty else { return [] }
    return [
      Finding(
        .note,
        .aptSourceUnreachable,
        Self.kind,
        "the last refresh of the package lists failed for \(AptRun.listed(observed.unreachedSources))",
        next: "mend or remove that source; apt-get update on the node says what is wrong with it"
      )
    ]
  }

  /// Whether apt, asked by fresh lists, would do harm or finds no way. A broken database or old lists make its answer
  /// worthless: the step asks again after mending that, and refuses by the same rule.
  func refusal(of run: AptRun, _ observed: ObservedPackages, in context: PlanContext) -> Finding? {
    guard !run.repairs, !run.refreshesLists, let simulation = observed.simulation else { return nil }
    let unasked = self.unasked(simulation)
    if !unasked.isEmpty {
      let isNeeded = Self.isNeeded(by: context.facts.kernel)
      let isProtected = unasked.contains { WantedPackage.protected.contains($0) || isNeeded($0) }
      return Finding(
        .refused,
        isProtected ? .packageProtected : .packageWouldRemove,
        Self.kind,
        "apt would remove packages that nobody asked to remove: \(AptRun.listed(unasked)); no package is changed",
        next: isProtected
          ? "change what is wanted: fleetd does not remove what the node or fleetd's way in needs"
          : "declare them absent if that is meant, or ask for versions that go together"
      )
    }
    guard simulation.exitStatus != 0 else { return nil }
    let errors = simulation.errors.prefix(6).joined(separator: "; ")
    return Finding(
      .blocked,
      .packageUnsatisfiable,
      Self.kind,
      "apt finds no way to fulfil the wishes; no package is changed: \(errors)",
      next: "ask for versions that go together, or add the source that has what is missing"
    )
  }

  /// The running kernel, by its own package or the one that brings it: without it the node may not come up again.
  func refusalOfRunningKernel(_ observed: ObservedPackages, in context: PlanContext) -> Finding? {
    let isNeeded = Self.isNeeded(by: context.facts.kernel)
    let doomed = packages.filter { package in
      package.state == .absent && isNeeded(package.name) && observed.installed(package.name) != nil
    }
    guard !doomed.isEmpty else { return nil }
    return Finding(
      .refused,
      .packageProtected,
      Self.kind,
      "\(AptRun.listed(doomed.map(\.name))) is the kernel in use, \(context.facts.kernel); no package is changed",
      next: "install another kernel and reboot into it first, or delete the entry"
    )
  }

  /// linux-image-6.12.25+rpt-rpi-v8 and linux-image-rpi-v8, both with modules of their own in linux-modules-….
  private static func isNeeded(by kernel: String) -> (String) -> Bool {
    let flavour = InstalledKernels.Release(kernel)?.flavour
    let names = [kernel, flavour].compactMap { $0 }
      .flatMap { ["linux-image-\($0)", "linux-image-\($0)-unsigned", "linux-modules-\($0)"] }
    return { name in names.contains(name) }
  }

  func notes(on run: AptRun, _ observed: ObservedPackages, _ lists: PackageLists) -> [Finding] {
    var notes: [Finding] = []
    if let lock = observed.lock {
      notes.append(
        Finding(
          .note,
          .aptLocked,
          Self.kind,
          "\(lock.path) is held now by \(lock.command) (process \(lock.processID)); it will be waited for"
        )
      )
    }
    let unasked = observed.simulation.map(unasked) ?? []
    if !unasked.isEmpty {
      notes.append(
        Finding(
          .note,
          .packageWouldRemove,
          Self.kind,
          "as it is now (\(lists.description)) apt would also remove \(AptRun.listed(unasked)); it is asked again "
            + "before anything is done, and nothing is done if it still would"
        )
      )
    }
    return notes
  }

  private func unasked(_ simulation: AptSimulation) -> [String] {
    let asked = Set(packages.filter { $0.state == .absent }.map(\.name))
    return simulation.removals.filter { !asked.contains($0) }
  }
}
