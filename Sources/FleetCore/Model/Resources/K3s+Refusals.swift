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
    if let unit = observed.foreignUnit { findings += refusals(of: unit) }
    findings += unreadable(observed, in: context)
    findings += immutableChanges(observed, in: context)
    if case .refused(let reason, let message, let next) = verdict(on: observed, in: context) {
      findings.append(refused(reason, message, next: next))
    }
    if findings.isEmpty, mustInstall(observed, in: context) { findings += artifactRefusals(in: context) }
    return findings
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

  /// What another's unit tells k3s and the inventory does not would be lost: the message is what to write.
  private func refusals(of unit: K3sForeignUnit) -> [Finding] {
    let path = K3sPaths.unit(for: role)
    guard unit.command == "\(K3sPaths.binary) \(role.rawValue)" else {
      return [
        refused(
          .k3sForeignUnit,
          "\(path) is not fleetd's and starts \"\(unit.command.prefix(200))\"",
          next: "remove the unit by hand if nothing needs it, or give this node another role"
        )
      ]
    }
    var findings: [Finding] = []
    let lost = unit.unexpressed(in: configuration)
    if !lost.keys.isEmpty {
      let elsewhere = lost.keys.compactMap { key in K3sConfigKeys.replaced[key].map { "\(key): \($0)" } }
      let own = lost.without(Set(K3sConfigKeys.replaced.keys))
      let hints = (own.keys.isEmpty ? [] : ["write k3s.config: \(own.oneLine) for this node"]) + elsewhere
      findings.append(
        refused(
          .k3sForeignUnit,
          "\(path) is not fleetd's and gives k3s arguments that the inventory does not: \(lost.oneLine)",
          next: hints.joined(separator: "; ") + "; or remove them from the unit"
        )
      )
    }
    if !unit.environment.isEmpty {
      let names = unit.environment.prefix(10).joined(separator: ", ")
      findings.append(
        refused(
          .k3sForeignUnit,
          "\(K3sPaths.environment(for: role)) is not fleetd's and sets \(names)",
          next: "declare /etc/default/\(role.unit) with them under files, then remove them from this file"
        )
      )
    }
    return findings
  }

  /// A unit or an environment that cannot be read must not be replaced either: nobody could say what is lost.
  private func unreadable(_ observed: K3sObservation, in context: PlanContext) -> [Finding] {
    let owned = [K3sPaths.unit(for: role), K3sPaths.environment(for: role)]
    return files.filter { owned.contains($0.path) && observed.unread.contains($0.path) }.compactMap { file in
      guard case .regular(let attributes, _)? = observed.files[file.path],
        attributes.digest != file.content.digest(with: context.vault)
      else { return nil }
      return refused(
        .k3sForeignUnit,
        "\(file.path) is not fleetd's, and no text of at most 64 KiB",
        next: "look at it, and remove it by hand"
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

  /// config.yaml and another's arguments; `nil` when the file cannot be read.
  private func presentConfiguration(_ observed: K3sObservation, in context: PlanContext) -> K3sConfiguration? {
    let file: K3sConfiguration?
    switch observed.files[K3sPaths.config] ?? .absent {
    case .absent: file = K3sConfiguration(K3sYAML.empty)
    case .regular(let attributes, _):
      let wanted = Content(configuration.text).digest(with: context.vault)
      file = attributes.digest == wanted ? configuration : observed.configuration
    case .other: file = nil
    }
    return file?.overlaid(with: observed.foreignUnit?.arguments ?? K3sConfiguration(K3sYAML.empty))
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
