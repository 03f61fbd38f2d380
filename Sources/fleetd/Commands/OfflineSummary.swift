import FleetModel

/// What an offline check says of a valid state repository.
struct OfflineSummary {
  private let state: DeclaredState

  init(_ state: DeclaredState) { self.state = state }

  var text: String { (summary + state.annotations.map(\.text)).joined(separator: "\n") + "\n" }

  /// How much there is, and what was not looked at.
  var summary: [String] {
    guard let fleet = state.fleet else { return [] }
    var lines = ["fleet \(fleet.name): \(Self.counted(fleet.nodes.count, "node")), the inventory is valid"]
    if fleet.nodes.isEmpty { lines.append("note: \(FleetPlan.emptyNote)") }
    if let manifests = state.manifests, !manifests.files.isEmpty { lines += summary(manifests, of: fleet) }
    return lines
  }

  private func summary(_ manifests: ManifestSet, of fleet: Fleet) -> [String] {
    let (path, plain, seen) = (fleet.manifests.path, manifests.objects.count, manifests.glimpsed.count)
    var parts = [Self.counted(plain, "object")]
    if !manifests.roots.isEmpty {
      parts.append(
        "\(Self.counted(manifests.roots.count, "kustomization")) with \(Self.counted(seen, "object")) in plain files, "
          + "rendered by a server when there is one")
    }
    var lines = ["\(path)/: " + parts.joined(separator: "; ")]
    let grant = manifests.granting(fleet).objects.count - plain
    if grant > 0 { lines.append("spec.checkAccess: \(Self.counted(grant, "object")) besides, which let a key look") }
    if !manifests.isEmpty, fleet.k3s == nil {
      lines.append("note: the fleet has no k3s: nothing of \(path)/ is applied")
    }
    lines += manifests.unread.map { "note: \(TerminalText.escape($0.name)) is encrypted: not looked at" }
    return lines
  }

  private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension Annotation {
  /// As a person reads it: a diagnostic by itself, a lint behind its level.
  var text: String {
    switch rule {
    case "inventory", "manifest": diagnostic.description
    default: "\(level == .error ? "error" : "warn"): \(diagnostic)"
    }
  }
}
