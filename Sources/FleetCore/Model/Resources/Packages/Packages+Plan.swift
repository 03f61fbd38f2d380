extension Packages {
  /// Seconds after which lists are refreshed before something is installed.
  package static let listsMaximumAge = 24 * 3600

  package func plan(from observed: ObservedPackages, in context: PlanContext) -> KindPlan {
    let lists = PackageLists(
      refreshed: observed.listsRefreshed,
      now: context.facts.clock,
      sourcesChanged: observed.sourcesAreNewer || context.requests.contains(.refreshPackageLists)
    )
    var findings: [Finding] = unreachedSources(observed)
    var run = AptRun()
    if observed.isBroken { run.repair(observed) }
    if let refusal = refusalOfRunningKernel(observed, in: context) { return KindPlan(findings: [refusal]) }
    for package in packages {
      switch package.state {
      case .absent:
        if let present = observed.packages[package.name], present.state != .absent { run.remove(package.name, present) }
      case .present(let version, let hold):
        let installed = observed.installed(package.name)
        if installed.map({ version.matches($0.version) }) != true {
          let offer = observed.offer(of: package.name, matching: version)
          guard offer != nil || lists.isStale else {
            findings.append(notFound(package.name, version, observed, lists))
            continue
          }
          run.install(package.name, version, offer: offer, over: installed, holding: hold, observed, lists)
        } else if let installed {
          run.setHold(package.name, installed, hold)
        }
      }
    }
    guard !run.isEmpty else { return KindPlan(findings: findings) }
    run.refreshesLists = lists.isStale && (!run.installs.isEmpty || observed.isBroken)
    if let refusal = refusal(of: run, observed, in: context) { return KindPlan(findings: findings + [refusal]) }
    run.noteDependencies(observed.simulation)
    findings += notes(on: run, observed, lists)
    return KindPlan(changeSets: [ChangeSet(run.changes, steps: [run.step], held: held(context))], findings: findings)
  }

  /// apt needs the clock (a list can be "not valid yet"), and the image's own first boot uses apt itself.
  private func held(_ context: PlanContext) -> Finding? {
    if context.facts.isClockOff {
      return Finding(
        .held,
        .clockSkew,
        Self.kind,
        "packages wait for the node's clock, which is \(context.facts.clockSkew) s off",
        next: "check time synchronisation on the node (timedatectl), and the control node's own clock"
      )
    }
    guard let firstBoot = context.facts.firstBoot else { return nil }
    return Finding(
      .held,
      .firstBoot,
      Self.kind,
      "packages wait for the first boot to finish: \(firstBoot)",
      next: "wait; the next pass goes on by itself"
    )
  }
}
