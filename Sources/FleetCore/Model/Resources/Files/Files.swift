package import YAMLSource

/// Files with their content, mode and owner.
package struct Files: Resource {
  package static let kind = ResourceKind("file")

  package let files: [ManagedFile]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Files? {
    let files = (entry?.sequence ?? []).compactMap { ManagedFile(decoding: $0, &diagnostics) }
    return files.isEmpty ? nil : Files(files: files)
  }

  package var claims: [PathClaim] { files.map { PathClaim($0.path, at: $0.mark, isAbsent: $0.isAbsent) } }
  package var declared: [String] { files.filter { !$0.isAbsent }.map(\.path) }
  package var declaredAbsent: [String] { files.filter(\.isAbsent).map(\.path) }
  package var secrets: [SecretReference] { files.flatMap(\.content.secrets) }
  package var notifiedUnits: [String] { files.flatMap(\.notify) }

  /// Per file: the digest that it should have, whether its content may be shown, its path.
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    files.map { file in
      let digest = file.isAbsent ? "absent" : file.content.digest(with: vault) ?? "unknown"
      return [digest, file.content.secrets.isEmpty ? "shown" : "secret", file.path]
    }
  }

  package func without(probeLines lines: Set<[String]>, of node: NodeSpec, with vault: SecretVault) -> Self? {
    Files(files: files.filter { file in !lines.contains { $0.last == file.path } })
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> [String: ObservedFile] {
    try ObservedFile.parse(section)
  }

  package func plan(from observed: [String: ObservedFile], in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    for file in files {
      guard let seen = observed[file.path] else {
        plan.findings.append(Self.unanswered(file.path))
        continue
      }
      let filePlan = file.plan(from: seen, in: context)
      plan.changeSets += filePlan.changeSets
      plan.findings += filePlan.findings
      plan.requests += filePlan.requests
    }
    return plan
  }

  /// What the node says nothing of is not absent.
  private static func unanswered(_ path: String) -> Finding {
    Finding(.blocked, .probeGarbled, kind, "the node's answer says nothing of \(path)", next: "run again")
  }
}
