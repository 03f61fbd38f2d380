package import YAMLSource

/// Directories with their mode and owner. What is inside them belongs to others.
package struct Directories: Resource {
  package static let kind = ResourceKind("directory")
  package static let field: Field? = Field(
    "directories",
    .list(
      of: .object([
        Field("path", .text(.absolutePath), required: true, "Where the directory is on the node."),
        Field("mode", .text(.fileMode), "Four octal digits in quotes; default \"0755\"."),
        Field("owner", .text(.account), "The account that owns it; default root."),
        Field("group", .text(.account), "Its group; default root."),
        Field("state", .choice(["present", "absent"]), "Default present; absent removes it when it is empty."),
      ]),
      merge: .map(key: "path")
    ),
    "Directories by path; missing parents are made with mode 0755."
  )

  /// In the order of their paths: a parent comes before what is in it.
  package let directories: [Directory]

  package struct Directory: Sendable, Hashable {
    package let path: String
    /// Four octal digits.
    package let mode: String
    package let owner: String
    package let group: String
    package let isAbsent: Bool
    package let mark: YAMLMark?
  }

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Directories? {
    let directories = (entry?.sequence ?? []).compactMap(Directory.init(decoding:))
    for directory in directories {
      if let reservation = SystemPaths.reservation(of: directory.path) {
        diagnostics.report(at: directory.mark, "directories \(directory.path): \(reservation)")
      }
      guard let problem = directory.lockout(of: scope.account, home: scope.home) else { continue }
      diagnostics.report(
        at: directory.mark,
        "directories \(directory.path): \(problem)",
        hint: "leave it as it is: fleetd logs in as \(scope.account)"
      )
    }
    return directories.isEmpty ? nil : Directories(directories: directories.sorted { $0.path < $1.path })
  }

  package var claims: [PathClaim] {
    directories.map { PathClaim($0.path, at: $0.mark, as: .directory, isAbsent: $0.isAbsent) }
  }

  package var declared: [String] { directories.filter { !$0.isAbsent }.map(\.path) }
  package var declaredAbsent: [String] { directories.filter { $0.isAbsent }.map(\.path) }

  package func without(probeLines lines: Set<[String]>, of node: NodeSpec, with vault: SecretVault) -> Self? {
    Directories(directories: directories.filter { directory in !lines.contains { $0.last == directory.path } })
  }

  /// Per directory: its state, its path.
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    directories.map { [$0.isAbsent ? "absent" : "present", $0.path] }
  }
}

extension Directories.Directory {
  init?(decoding node: YAMLNode) {
    guard let entries = node.mapping, let path = entries["path"]?.string else { return nil }
    self.init(
      path: path,
      mode: entries["mode"]?.string ?? "0755",
      owner: entries["owner"]?.string ?? "root",
      group: entries["group"]?.string ?? "root",
      isAbsent: entries["state"]?.string == "absent",
      mark: node.mark
    )
  }
}
