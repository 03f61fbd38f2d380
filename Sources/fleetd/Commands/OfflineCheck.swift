import FleetModel
import FleetReconcile

/// `fleetd --check --offline`: what a commit says, looked at without a network, a key, a secret or a command.
struct OfflineCheck {
  private let workspace: Workspace

  init(_ workspace: Workspace) { self.workspace = workspace }

  func run() throws -> FleetModel.ExitCode {
    let fleet = workspace.fleet
    let count = fleet.nodes.count
    var lines = ["fleet \(fleet.name): \(count) node\(count == 1 ? "" : "s"), the inventory is valid"]
    if fleet.nodes.isEmpty { lines.append("note: \(FleetPlan.emptyNote)") }
    var code = FleetModel.ExitCode.inSync
    if let manifests = try workspace.manifests(), !manifests.files.isEmpty {
      let findings = ObjectLinter(of: fleet).findings(
        in: manifests.objects + manifests.glimpsed, besides: manifests.glimpsedNamespaces)
      lines += summary(manifests, of: fleet)
      lines += findings.map { found in
        "\(found.level.rawValue): \(Diagnostic(at: found.mark, "\(found.problem) [\(found.lint.rawValue)]", hint: found.hint))"
      }
      if findings.contains(where: { $0.level == .error }) { code = .failed }
    }
    return Console.result(lines.joined(separator: "\n") + "\n") ? code : .failed
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
    if !manifests.isEmpty, fleet.k3s == nil {
      lines.append("note: the fleet has no k3s: nothing of \(path)/ is applied")
    }
    lines += manifests.unread.map { "note: \(TerminalText.escape($0.name)) is encrypted: not looked at" }
    return lines
  }

  private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
