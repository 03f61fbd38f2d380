package import YAMLSource

/// Debian packages: present, at a version, held, or absent.
///
/// A name means the package of the node's own architecture (or `all`); instances of foreign architectures are left
/// alone. Configuration files of removed packages stay, as `apt-get remove` leaves them.
package struct Packages: Resource {
  package static let kind = ResourceKind("package")

  package static let field: Field? = Field(
    "packages",
    .map(
      keys: .packageName,
      values: .either([
        .object([
          Field(
            "version",
            .text(.packageVersion),
            "The version, or a pattern such as \"1:2.6*\": an installed version that matches is left as it is; "
              + "otherwise the newest one that matches is installed, a lower one included."
          ),
          Field("hold", .boolean, "Whether apt must keep the installed version; default: as it is on the node."),
        ]),
        .choice(["present", "absent"]),
      ])
    ),
    "Debian packages by name: present, absent, or {version, hold}."
  )

  /// Sorted by name.
  package let packages: [WantedPackage]

  package init(_ packages: [WantedPackage]) { self.packages = packages.sorted { $0.name < $1.name } }

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Packages? {
    let packages = (entry?.mapping?.entries ?? []).map { WantedPackage(decoding: $0, &diagnostics) }
    return packages.isEmpty ? nil : Packages(packages)
  }

  package var declared: [String] { packages.filter { $0.state != .absent }.map(\.name) }
  package var declaredAbsent: [String] { packages.filter { $0.state == .absent }.map(\.name) }

  package static let leadingProbeLines = 1

  package func without(probeLines lines: Set<[String]>, of node: NodeSpec, with vault: SecretVault) -> Self? {
    let left = packages.filter { package in !lines.contains { $0.first == package.name } }
    return left.isEmpty ? nil : Packages(left)
  }

  /// The node's architecture; then per package: its name, a version or pattern, and `present` or `absent`.
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    [[node.architecture.rawValue]]
      + packages.map { package in
        switch package.state {
        case .absent: [package.name, "*", "absent"]
        case .present(let version, _): [package.name, version.description, "present"]
        }
      }
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> ObservedPackages {
    try ObservedPackages(section)
  }
}
