import YAMLSource

/// One path has one owner: the claims of a node's kinds, held against each other.
enum PathClaims {
  private struct Owner {
    let kind: ResourceKind
    let claim: PathClaim
    /// Where it is declared; `nil`: nowhere, the kind is always there.
    let mark: YAMLMark?
  }

  /// Reports paths that two kinds claim, and paths below something that can hold none. Spellings need no thought: a path
  /// is written in its simplest form, or is no path (`TextRule.absolutePath`).
  static func report(
    _ resources: [any Resource],
    in entries: YAMLMapping,
    of node: InventoryDocument,
    _ diagnostics: inout Diagnostics
  ) {
    var owners: [String: Owner] = [:]
    for resource in resources {
      let kind = type(of: resource).kind
      for claim in resource.claims {
        let mark = claim.mark ?? entries[type(of: resource).key]?.mark
        if let owner = owners[claim.path], owner.kind != kind {
          // At the entry that names the path, rather than at the kind that always writes it.
          let place = claim.mark ?? owner.claim.mark ?? mark ?? owner.mark ?? node.mark
          let other = [owner.mark, mark].compactMap { $0 }.map { "\($0)" }.first { $0 != "\(place)" }
          diagnostics.report(
            at: place,
            "\(node.name): \(claim.path) is claimed by \(owner.kind) and by \(kind)",
            hint: "one path has one owner: declare it in one place" + (other.map { "; the other is in \($0)" } ?? "")
          )
        }
        owners[claim.path] = Owner(kind: kind, claim: claim, mark: mark)
      }
    }
    for owner in owners.values.sorted(by: { $0.claim.path < $1.claim.path }) where !owner.claim.isAbsent {
      for ancestor in ancestors(of: owner.claim.path) {
        guard let above = owners[ancestor], let problem = obstacle(above) else { continue }
        diagnostics.report(
          at: owner.claim.mark ?? above.claim.mark ?? node.mark,
          "\(node.name): \(owner.claim.path) is below \(ancestor), \(problem.what)",
          hint: problem.hint
        )
      }
    }
  }

  /// "/a/b/c" -> "/a/b", "/a".
  private static func ancestors(of path: String) -> [String] {
    var ancestors: [String] = []
    var rest = path[...]
    while let slash = rest.lastIndex(of: "/"), slash != rest.startIndex {
      rest = rest[..<slash]
      ancestors.append(String(rest))
    }
    return ancestors
  }

  /// Why nothing can stand below what `owner` declares.
  private static func obstacle(_ owner: Owner) -> (what: String, hint: String)? {
    switch (owner.claim.form, owner.claim.isAbsent) {
    case (.link, false):
      ("which is declared as a link", "declare it below the directory that the link leads to")
    case (.file, false):
      ("which \(owner.kind) declares as a file", "nothing can stand below a file: correct one of the two")
    case (_, true):
      ("which shall be absent", "declare one of them only")
    case (.directory, false): nil
    }
  }
}
