/// One Kubernetes object, or one file of a kustomization, that a commit adds, changes or takes away.
package struct ManifestComparison: Sendable, Hashable {
  package let action: Change.Action
  /// `apps/v1 Deployment web/front`, or a path.
  package let what: String
  /// Whether it is a file of a kustomization: what it comes to, only a server can tell.
  package let isFile: Bool
  /// Whether fleetd itself declares it, for keys that may only look: no guard of deletions counts it.
  package var isGrant = false
  package let diff: [String]
  package let note: String?
}

extension ManifestComparison {
  static func all(from before: ManifestSet, to after: ManifestSet, isPruning: Bool) -> [ManifestComparison] {
    objects(before.objects, after.objects, isPruning) + files(before.files, after.files)
  }

  private static func objects(
    _ before: [KubernetesObject], _ after: [KubernetesObject], _ isPruning: Bool
  ) -> [ManifestComparison] {
    let old = Dictionary(before.map { ($0.identity.key, $0) }) { first, _ in first }
    let new = Dictionary(after.map { ($0.identity.key, $0) }) { first, _ in first }
    let keys = before.map(\.identity.key) + after.map(\.identity.key).filter { old[$0] == nil }
    return keys.compactMap { key in
      let (one, other) = (old[key], new[key])
      guard let identity = (other ?? one)?.identity, one?.content != other?.content else { return nil }
      let isGrant = ClusterGrant.owns(identity)
      let note =
        other != nil
        ? nil
        : isPruning || isGrant ? removal(of: identity) : "stays in the cluster, unmanaged: manifests.prune is false"
      return ManifestComparison(
        action: one == nil ? .add : other == nil ? .remove : .change, what: identity.description, isFile: false,
        isGrant: isGrant, diff: diff(one, other, identity), note: note)
    }.sorted { $0.what < $1.what }
  }

  private static func removal(of identity: ObjectIdentity) -> String {
    let isKept = ["Namespace", "CustomResourceDefinition", "PersistentVolume", "PersistentVolumeClaim"]
      .contains(identity.kind)
    return isKept
      ? "deleted from the cluster only where it is annotated fleetd/prune: allowed" : "will be deleted from the cluster"
  }

  /// Of a Secret the names of its values.
  private static func diff(
    _ before: KubernetesObject?, _ after: KubernetesObject?, _ identity: ObjectIdentity
  ) -> [String] {
    let isConfidential = before?.isConfidential == true || after?.isConfidential == true
    guard identity.group.isEmpty, identity.kind == "Secret" else {
      guard !isConfidential else { return [] }
      return LineDiff.unified(from: before?.content.yaml ?? "", to: after?.content.yaml ?? "")
    }
    let (old, new) = (before?.hiddenData ?? .object([]), after?.hiddenData ?? .object([]))
    let lines = before == nil && after == nil ? [] : LineDiff.unified(from: old.yaml, to: new.yaml)
    return lines.isEmpty ? [" only values in data or stringData differ"] : lines
  }

  /// Of kustomizations the files, because only a server renders them.
  private static func files(_ before: [ManifestFile], _ after: [ManifestFile]) -> [ManifestComparison] {
    let isSecretMade = (before + after).contains { $0.isKustomization && $0.text.contains("secretGenerator") }
    let directories = Set((before + after).filter(\.isKustomization).map(\.directory))
    let isOfKustomization = { (file: ManifestFile) in
      directories.contains { file.directory == $0 || file.directory.hasPrefix($0 + "/") }
    }
    let old = Dictionary(before.map { ($0.name, $0) }) { first, _ in first }
    let new = Dictionary(after.map { ($0.name, $0) }) { first, _ in first }
    return Set(old.keys).union(new.keys).sorted().compactMap { name in
      let (one, other) = (old[name], new[name])
      guard let file = other ?? one, one?.bytes != other?.bytes || one?.state != other?.state,
        file.state == .encrypted || one?.state == .encrypted || isOfKustomization(file)
      else { return nil }
      let sides = [one, other].compactMap { $0 }
      let isEncrypted = sides.contains { $0.state != .plain }
      let isHidden = sides.contains { $0.mayHoldSecret || isSecretMade && !$0.isManifest }
      return ManifestComparison(
        action: one == nil ? .add : other == nil ? .remove : .change, what: TerminalText.escape(name), isFile: true,
        diff: isEncrypted || isHidden ? [] : LineDiff.unified(from: one?.text ?? "", to: other?.text ?? ""),
        note: isEncrypted
          ? "encrypted: not looked at" : isHidden ? "it may hold a secret: not shown" : nil)
    }
  }
}

extension ManifestFile {
  fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Rather too often than too seldom: a patch need not say whose values it holds.
  fileprivate var mayHoldSecret: Bool {
    text.split(separator: "\n").contains { line in
      line.contains("Secret") && line.contains("kind") || line.contains("secretGenerator")
        || line.contains("stringData") || line.contains("/data/")
    }
  }
}

extension KubernetesObject {
  /// With dots instead of the values of a Secret.
  fileprivate var hiddenData: JSONText {
    var hidden = content
    for key in ["data", "stringData"] {
      guard let members = content[key]?.members else { continue }
      hidden = hidden.setting([key], to: .object(members.map { .init($0.key, .string("(secret)")) }))
    }
    // kubectl's own note holds all of them once more.
    return hidden.setting(
      ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"], to: nil)
  }
}
