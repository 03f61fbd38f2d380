package import YAMLSource

/// Package sources of apt, each with the key that signs it.
///
/// NAME becomes /etc/apt/sources.list.d/NAME.sources (deb822) and, when its key is written out,
/// /etc/apt/keyrings/NAME.asc. A change makes the package lists stale: a run of apt behind it refreshes them.
package struct AptSources: Resource {
  package static let kind = ResourceKind("aptsource")

  /// In the order of their names.
  package let sources: [AptSource]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> AptSources? {
    let sources = (entry?.mapping?.entries ?? []).map { AptSource(decoding: $0, &diagnostics) }
    return sources.isEmpty ? nil : AptSources(sources: sources.sorted { $0.name < $1.name })
  }

  private var files: [ManagedFile] { sources.flatMap(\.files) }

  package var claims: [PathClaim] { files.map { PathClaim($0.path, at: $0.mark, isAbsent: $0.isAbsent) } }
  package var declared: [String] { files.filter { !$0.isAbsent }.map(\.path) }
  package var declaredAbsent: [String] { files.filter { $0.isAbsent }.map(\.path) }

  /// As of `Files`.
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    files.map { [$0.isAbsent ? "absent" : $0.content.digest(with: vault) ?? "unknown", "shown", $0.path] }
  }

  package static let probe = ProbeFragment(
    #"""
    probe_aptsource() { files_observe "$1"; }
    """#
  )

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> [String: ObservedFile] {
    try ObservedFile.parse(section)
  }

  package func plan(from observed: [String: ObservedFile], in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    for source in sources {
      var own = KindPlan()
      for file in source.files {
        guard let seen = observed[file.path] else {
          own.findings.append(
            Finding(
              .blocked, .probeGarbled, Self.kind, "the node's answer says nothing of \(file.path)", next: "run again")
          )
          continue
        }
        let filePlan = file.plan(from: seen, in: context)
        own.changeSets += filePlan.changeSets
        own.findings += filePlan.findings
      }
      // A source without its key would spoil every refresh.
      if !own.findings.isEmpty { own.changeSets = [] }
      if !own.changeSets.isEmpty { own.requests = [.refreshPackageLists] }
      if let warning = source.warning { own.findings.append(warning) }
      plan.changeSets += own.changeSets.map { source.naming($0) }
      plan.findings += own.findings
      plan.requests += own.requests
    }
    return plan
  }
}
