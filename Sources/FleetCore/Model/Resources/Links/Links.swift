package import YAMLSource

/// Symbolic links.
package struct Links: Resource {
  package static let kind = ResourceKind("link")
  package static let field: Field? = Field(
    "links",
    .list(
      of: .object([
        Field("path", .text(.absolutePath), required: true, "Where the link is on the node."),
        Field("target", .text(.linkTarget), "What it points to, word for word; it need not exist."),
        Field("state", .choice(["present", "absent"]), "Default present; absent removes the link, not its target."),
      ]),
      merge: .map(key: "path")
    ),
    "Symbolic links by path, replaced in one step."
  )

  package let links: [Link]

  package struct Link: Sendable, Hashable {
    package let path: String
    /// `nil`: the link shall be absent.
    package let target: String?
    package let mark: YAMLMark?
  }

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Links? {
    var links: [Link] = []
    for item in entry?.sequence ?? [] {
      guard let entries = item.mapping, let path = entries["path"]?.string else { continue }
      let isAbsent = entries["state"]?.string == "absent"
      let target = entries["target"]?.string
      if !isAbsent, target == nil {
        diagnostics.report(
          at: item.mark,
          "links \(path): \"target\" is missing",
          hint: "write what it points to, or state: absent"
        )
      }
      if AccessUnits.isUnitFile(path) {
        diagnostics.report(
          at: item.mark,
          "links \(path): it would mask or replace the unit of fleetd's way in",
          hint: "delete the entry"
        )
      }
      if let (problem, hint) = Self.lockout(path, isAbsent: isAbsent) {
        diagnostics.report(at: item.mark, "links \(path): \(problem)", hint: hint)
      }
      if target == path { diagnostics.report(at: item.mark, "links \(path): it points to itself") }
      links.append(Link(path: path, target: isAbsent ? nil : target, mark: item.mark))
    }
    return links.isEmpty ? nil : Links(links: links)
  }

  package var claims: [PathClaim] {
    links.map { PathClaim($0.path, at: $0.mark, as: .link, isAbsent: $0.target == nil) }
  }

  package var declared: [String] { links.filter { $0.target != nil }.map(\.path) }
  package var declaredAbsent: [String] { links.filter { $0.target == nil }.map(\.path) }

  package func without(probeLines lines: Set<[String]>, of node: NodeSpec, with vault: SecretVault) -> Self? {
    Links(links: links.filter { !lines.contains([$0.path]) })
  }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { links.map { [$0.path] } }

  /// One find(1) for all links. A target may hold any byte but NUL; a line break in it travels as the code 1.
  package static let probe = ProbeFragment(
    #"""
    probe_link() {
      link_left=$1; set --
      while [ "$link_left" -gt 0 ]; do
        IFS= read -r link_path || return 65
        link_left=$((link_left - 1))
        path_type "$link_path"
        emit path "$path_type$tab$link_path"
        [ "$path_type" != link ] || set -- "$@" "$link_path"
      done
      [ $# -gt 0 ] || return 0
      link_targets=$(find "$@" -maxdepth 0 -printf '%l\0' | tr '\n\0' '\001\n') || return 1
      emit targets "$link_targets"
    }
    """#
  )

  package enum ObservedLink: Sendable, Hashable {
    case absent
    case link(target: String)
    /// "a regular file", "a directory".
    case other(String)
  }

  /// Records `path` (type, path) in the order of the request, and `targets`, a line for each link among them.
  package static func parse(_ section: ProbeSection) throws(ProbeError) -> [String: ObservedLink] {
    var targets = (section.text("targets") ?? "").split(separator: "\n")[...]
    var observed: [String: ObservedLink] = [:]
    for record in section.records where record.key == "path" {
      let (word, path) = try PathType.fields(of: record.bytes)
      switch word {
      case "absent": observed[path] = .absent
      case "link":
        guard let target = targets.popFirst() else { throw .missing(section: "link.targets") }
        observed[path] = .link(target: String(target.map { $0 == "\u{1}" ? "\n" : $0 }))
      default: observed[path] = .other(PathType.description(of: word))
      }
    }
    return observed
  }
}

extension TextRule {
  static let linkTarget = TextRule("what the link points to") { text in
    if text.isEmpty { return "is empty" }
    return text.utf8.count > 4095 ? "is longer than 4095 bytes" : nil
  }
}
