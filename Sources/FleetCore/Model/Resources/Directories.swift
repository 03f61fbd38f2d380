package import YAMLSource

/// Directories with their mode and owner. What is inside them belongs to others.
package struct Directories: Resource {
  package static let kind = ResourceKind("directory")
  package static let field: Field? = Field(
    "directories",
    .list(
      of: .object([
        Field("path", .text(.managedPath), required: true, "Where the directory is on the node."),
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
      guard let problem = directory.lockout(of: scope.account) else { continue }
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

  /// sshd's StrictModes and sudo look at the owner and the mode of the directories on their way: what is wrong there ends
  /// every further login. `nil`: nothing is.
  func lockout(of account: String) -> String? {
    let system = ["/etc", "/etc/ssh", "/etc/sudoers.d", "/home", "/usr", "/var", "/run"]
    let home = account == "root" ? "/root" : "/home/\(account)"
    let own = [home, home + "/.ssh"]
    guard (system + own).contains(path) else { return nil }
    if isAbsent { return "must not be absent" }
    // The group's and the others' digit, with the bit that lets them write.
    if mode.suffix(2).contains(where: { "2367".contains($0) }) { return "must be writable by its owner only" }
    let owners = own.contains(path) ? ["root", account] : ["root"]
    return owners.contains(owner) ? nil : "must belong to \(owners.joined(separator: " or "))"
  }
}
