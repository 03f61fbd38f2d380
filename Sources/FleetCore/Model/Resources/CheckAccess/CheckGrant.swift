/// What the program on a node may be asked: the questions that the inventory itself asks of it, and no other.
///
/// Lines `section KIND LEADING`, where the first LEADING lines of a question must be there and in order; then `KIND FORM`.
/// In a form stands `*` for what may differ from one commit to the next without asking more of the node: a digest that the
/// node compares with, a version of a package.
package struct CheckGrant: Sendable, Hashable {
  package let lines: [[String]]

  /// All that a check of this node asks.
  package init(of node: NodeSpec) {
    var lines: [[String]] = []
    for resource in node.resources {
      let type = type(of: resource)
      lines.append(["section", type.kind.name, "\(type.leadingProbeLines)"])
      // Digests are left out of the forms: no secret is needed.
      let questions = (resource as? CheckAccess)?.paths ?? resource.probeLines(of: node, with: SecretVault())
      lines += questions.map { [type.kind.name] + Self.form(of: $0, type.kind) }
    }
    if node.role == .server, node.resource(of: K3s.self) != nil {
      lines.append(["section", ClusterProbe.kind.name, "0"])
      lines.append(["section", ObjectsLook.kind.name, "0"])
    }
    self.lines = lines
  }

  package var text: String { String(decoding: lines.flatMap { NodeScript.line($0) }, as: UTF8.self) }

  /// The same in awk: `CheckProgram`.
  static func form(of line: [String], _ kind: ResourceKind) -> [String] {
    if line.count == 3, ["shown", "secret", "k3s"].contains(line[1]) { return ["*", line[1], line[2]] }
    if line.count == 3, kind == Packages.kind { return [line[0], "*"] }
    if line.count == 2, kind == Directories.kind { return ["*", line[1]] }
    return line
  }
}

extension CheckAccess {
  /// What it asks about, without the content that the files shall have: that of one of them is the grant itself.
  fileprivate var paths: [[String]] {
    isGranted ? CheckPaths.written.map { ["unknown", CheckPaths.shown($0), $0] } : []
  }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    files(for: node).map { file in
      [file.content.digest(with: vault) ?? "unknown", CheckPaths.shown(file.path), file.path]
    }
  }
}

extension CheckPaths {
  /// Of the program only whether it is this version's: its text says nothing of the node.
  static func shown(_ path: String) -> String { path == program ? "secret" : "shown" }
}
