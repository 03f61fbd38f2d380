import YAMLSource

extension K3s {
  /// What must not be done, found before anything is touched.
  func refusals(_ observed: K3sObservation, in context: PlanContext) -> [Finding] {
    var findings: [Finding] = []
    if case .foreign(let said, _) = observed.binary {
      findings.append(
        refused(
          .k3sForeignBinary,
          "\(K3sPaths.binary) does not say which release it is: \(said)",
          next: "remove it by hand if nothing needs it; fleetd then installs \(version)"
        )
      )
    }
    if let takeover = takeover(of: observed, in: context) { findings += takeover.refusals }
    findings += tokenDrift(observed, in: context).map { [$0] } ?? []
    findings += unusableSecrets(in: context)
    findings += immutableChanges(observed, in: context)
    if case .refused(let reason, let message, let next) = verdict(on: observed, in: context) {
      findings.append(refused(reason, message, next: next))
    }
    if findings.isEmpty, mustInstall(observed, in: context) {
      findings += artifactRefusals(in: context)
      findings += imagesPlan(observed, in: context).findings.filter { $0.severity == .refused }.map { finding in
        refused(
          finding.reason, "k3s \(version) would start without its images: \(finding.message)",
          next: finding.next ?? "mend it, or leave out spec.k3s.airgapImages")
      }
    }
    return findings
  }

  /// The release's own images, where they come with it: they are in place before it starts, and only where it starts.
  func imagesPlan(_ observed: K3sObservation, in context: PlanContext) -> KindPlan {
    guard mustInstall(observed, in: context), let images = context.node.resource(of: AirgapImages.self),
      let seen = context.observed(AirgapImages.self)
    else { return KindPlan() }
    return images.replacement(of: seen, in: context, beforeStart: true)
  }

  func verdict(on observed: K3sObservation, in context: PlanContext) -> K3sUpgradeRule.Verdict {
    K3sUpgradeRule.verdict(
      from: observed.installedVersion,
      to: version,
      role: role,
      isLiving: observed.data.isLiving(as: role),
      server: context.serverVersion
    )
  }

  /// Another release, or another file than the published one under the same name.
  func mustInstall(_ observed: K3sObservation, in context: PlanContext) -> Bool {
    guard case .release(let installed, let sum, _) = observed.binary, installed == version else { return true }
    return context.artifact.artifact.map { $0.sha256 != sum } ?? false
  }

  /// A value that the environment's file would change, or end.
  private func unusableSecrets(in context: PlanContext) -> [Finding] {
    (environment?.mapping?.entries ?? []).compactMap { entry in
      guard let name = entry.value.mapping?["secret"]?.string,
        let problem = K3sEnvironment.problem(with: SecretReference(name), in: context.vault)
      else { return nil }
      return refused(
        .secretMissing,
        "the secret \(name) cannot be the value of \(entry.key) in k3s.environment: it \(problem)",
        next: "give it a value on one line, without backslashes and quotes"
      )
    }
  }

  private func immutableChanges(_ observed: K3sObservation, in context: PlanContext) -> [Finding] {
    if let other = observed.otherUnit {
      return [
        refused(
          .k3sImmutableChange,
          "\(other) is installed: this node was no \(role.rawValue)",
          next:
            "remove the node from its cluster, write its card anew, then let fleetd join it"
        )
      ]
    }
    guard observed.data.isLiving(as: role) else { return [] }
    var findings: [Finding] = []
    if role == .server, let present = observed.data.datastore, present != datastore {
      findings.append(
        immutable("datastore", from: present.rawValue, to: datastore.rawValue, write: "spec.k3s.datastore")
      )
    }
    guard let present = presentConfiguration(observed, in: context) else {
      // Nothing of the cluster was made with an agent's file: it is written anew.
      guard role == .server else { return findings }
      return findings + [
        refused(
          .k3sImmutableChange,
          "\(K3sPaths.config) is no YAML that fleetd can read: what the cluster was made with is unknown",
          next: "mend it by hand (k3s reads it too), or remove it if the cluster was made without it"
        )
      ]
    }
    let differences = K3sImmutables.differences(
      from: present,
      to: configuration,
      hostname: context.facts.hostname
    )
    return findings + differences.map { immutable($0.key, from: $0.present, to: $0.wanted, write: "k3s.config") }
  }

  /// All that k3s is told now; `nil` when config.yaml cannot be read.
  func presentConfiguration(_ observed: K3sObservation, in context: PlanContext) -> K3sConfiguration? {
    presentFile(observed, in: context).map { observed.foreignUnit?.effective(over: $0) ?? $0 }
  }

  /// config.yaml as it is; `nil` when it cannot be read. As it is wanted, the node does not send it.
  func presentFile(_ observed: K3sObservation, in context: PlanContext) -> K3sConfiguration? {
    switch observed.files[K3sPaths.config] ?? .absent {
    case .absent: K3sConfiguration(K3sYAML.empty)
    case .regular: isWanted(K3sPaths.config, observed, in: context) ? configuration : observed.configuration
    case .other: nil
    }
  }

  /// Whether a file of fleetd's is there as it shall be, to the byte.
  func isWanted(_ path: String, _ observed: K3sObservation, in context: PlanContext) -> Bool {
    guard let file = files.first(where: { $0.path == path }), case .regular(let attributes, _)? = observed.files[path]
    else { return false }
    return attributes.digest == file.content.digest(with: context.vault)
  }

  /// `nil`: k3s is not there, or fleetd set it up.
  func takeover(of observed: K3sObservation, in context: PlanContext) -> K3sTakeover? {
    observed.foreignUnit.map { K3sTakeover(self, $0, observed, in: context) }
  }

  private func artifactRefusals(in context: PlanContext) -> [Finding] {
    switch context.artifact {
    case .notNeeded:
      return [refused(.k3sArtifactMissing, "k3s \(version) was not looked for", next: "run fleetd without --offline")]
    case .missing(let why):
      return [
        refused(
          .k3sArtifactMissing,
          "k3s \(version) is not to be had: \(why)",
          next: "put the release into spec.k3s.source, or correct spec.k3s.version"
        )
      ]
    case .wrong(let how):
      return [
        refused(
          .k3sArtifactWrong,
          "k3s \(version) does not match its checksum: \(how)",
          next: "fetch binary and checksum file anew from k3s' own releases; do not install this one"
        )
      ]
    case .published(let artifact), .ready(let artifact):
      let needed = artifact.size + Self.spareBytes
      guard context.facts.freeBytes < needed else { return [] }
      return [
        refused(
          .diskFull,
          "\(context.facts.freeBytes >> 20) MiB are free, k3s \(version) needs \(needed >> 20) MiB",
          next: "make room (apt-get clean, journalctl --vacuum-size=50M)"
        )
      ]
    }
  }

  /// What must stay free besides the new binary, which stands beside the old one for a moment.
  private static let spareBytes = 64 << 20

  private func immutable(_ key: String, from present: String, to wanted: String, write place: String) -> Finding {
    refused(
      .k3sImmutableChange,
      "\(key) would change from \(present) to \(wanted), and a living cluster cannot change it",
      next: "keep \(key): \(present) (\(place)); another value needs a new cluster"
    )
  }

  private func refused(_ reason: Reason, _ message: String, next: String) -> Finding {
    Finding(.refused, reason, Self.kind, message, next: next)
  }
}
