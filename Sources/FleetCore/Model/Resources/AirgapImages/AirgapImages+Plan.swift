extension AirgapImages {
  /// Of a release that k3s is about to be installed, they are part of that change: see `K3s.plan`.
  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    if let k3s = context.node.resource(of: K3s.self), let seen = context.observed(K3s.self),
      k3s.mustInstall(seen, in: context)
    {
      return KindPlan()
    }
    return replacement(of: observed, in: context, beforeStart: false)
  }

  /// What makes them those of the wanted release.
  ///
  /// - Parameter beforeStart: that release starts next, and must not without them.
  func replacement(of observed: Observed, in context: PlanContext, beforeStart: Bool) -> KindPlan {
    if let path = paths.first(where: { observed[$0] == .other }) {
      return KindPlan(findings: [
        Finding(
          .refused, .fileNotRegular, Self.kind, "\(path) is no regular file",
          next: "look at what it is; fleetd puts the release's images there once it is gone")
      ])
    }
    guard let artifact = context.airgapImages.artifact else { return unpublished(observed, in: context, beforeStart) }
    let target = "\(K3sPaths.images)/\(artifact.path.split(separator: "/").last ?? "")"
    let others = paths.filter { $0 != target && observed[$0] != nil }
    var changes: [Change] = []
    var steps: [Step] = []
    if observed[target]?.sha256 != artifact.sha256 {
      let needed = artifact.size + Self.spareBytes
      guard context.facts.freeBytes >= needed else { return KindPlan(findings: [full(needed, in: context)]) }
      changes.append(change(of: target, over: observed[target]))
      steps += installSteps(artifact, at: target, over: observed[target])
    }
    changes += others.map { Change(.remove, Self.kind, $0, note: "k3s would import it beside \(target)") }
    if !others.isEmpty {
      let lines = others.map { [$0, observed[$0]?.identity ?? ""] }
      steps.append(Step("remove other forms of the images", .run(.removeAirgapImages, StepInput(lines))))
    }
    return changes.isEmpty ? KindPlan() : KindPlan(changeSets: [ChangeSet(changes, steps: steps)])
  }

  private func change(of target: String, over file: File?) -> Change {
    guard let file else { return Change(.add, Self.kind, target, to: .text("\(version)")) }
    return Change(
      .change, Self.kind, target, from: .text(file.version.map { "\($0)" } ?? "not the published file"),
      to: .text("\(version)"))
  }

  /// The source does not say what the images are: those of the wanted release stay, and so does what nobody knows.
  private func unpublished(_ observed: Observed, in context: PlanContext, _ beforeStart: Bool) -> KindPlan {
    let isKept = observed.values.contains { $0.version == version || (!beforeStart && $0.version == nil) }
    guard !isKept else { return KindPlan() }
    let why: String
    let reason: Reason
    switch context.airgapImages {
    case .missing(let text): (reason, why) = (.k3sArtifactMissing, text)
    case .wrong(let text): (reason, why) = (.k3sArtifactWrong, text)
    case .notNeeded, .published, .ready: (reason, why) = (.k3sArtifactMissing, "they were not looked for")
    }
    return KindPlan(findings: [
      Finding(
        .refused, reason, Self.kind, "the air-gap images of k3s \(version) are not to be had: \(why)",
        next:
          "put \(paths[0].split(separator: "/").last ?? "") and its line of the checksum file into spec.k3s.source, "
          + "or leave out spec.k3s.airgapImages")
    ])
  }

  private func full(_ needed: Int, in context: PlanContext) -> Finding {
    Finding(
      .refused, .diskFull, Self.kind,
      "\(context.facts.freeBytes >> 20) MiB are free, the images of k3s \(version) need \(needed >> 20) MiB",
      next: "make room (apt-get clean, journalctl --vacuum-size=50M)")
  }

  /// What must stay free besides the file, which stands beside an old one for a moment.
  private static let spareBytes = 64 << 20
}

extension AirgapImages.File {
  var sha256: String? { if case .regular(_, _, let sha256) = self { sha256 } else { nil } }
  var version: K3sVersion? { if case .regular(_, let version, _) = self { version } else { nil } }
  var identity: String? { if case .regular(let identity, _, _) = self { identity } else { nil } }
}
