package import YAMLSource

/// `spec.manifests` of the Fleet: where the Kubernetes objects are, and what may be done with them.
package struct ManifestSettings: Sendable, Hashable {
  /// A directory of the repository.
  package let path: String
  /// Whether the Fleet says anything of it: only then a directory that is missing is an error.
  package let isDeclared: Bool
  /// Whether objects that left Git are deleted.
  package let isPruning: Bool
  /// More deletions than this are refused.
  package let maximumDeletions: Int
  package let lints: ObjectLint.Levels

  package init(
    path: String = "cluster", isDeclared: Bool = false, isPruning: Bool = true, maximumDeletions: Int = 10,
    lints: ObjectLint.Levels = ObjectLint.Levels()
  ) {
    self.path = path
    self.isDeclared = isDeclared
    self.isPruning = isPruning
    self.maximumDeletions = maximumDeletions
    self.lints = lints
  }

  /// - Parameter node: `spec.manifests`; validated already.
  package init(decoding node: YAMLNode?) {
    let mapping = node?.mapping
    self.init(
      path: mapping?["path"]?.string ?? "cluster", isDeclared: mapping?["path"] != nil,
      isPruning: mapping?["prune"]?.bool ?? true,
      maximumDeletions: Int(mapping?["maxDeletions"]?.int ?? 10),
      lints: ObjectLint.Levels(decoding: mapping?["lints"]))
  }

  package static let field = Field(
    "manifests",
    .object([
      Field("path", .text(.repositoryPath), "A directory of the repository; default cluster."),
      Field("prune", .boolean, "Whether objects that fleetd applied and that left Git are deleted; default true."),
      Field("maxDeletions", .integer(0...10_000), "More deletions in one run than this are refused; default 10."),
      Field("lints", ObjectLint.schema, "What is said of manifests that work and are unwise: off, warn or error."),
    ]),
    "The Kubernetes objects of the cluster."
  )
}

extension TextRule {
  /// A path inside the repository, in its simplest form.
  package static let repositoryPath = TextRule("a directory of the repository", pattern: "^[^/.]") { text in
    guard text.utf8.count <= 512 else { return "is longer than 512 bytes" }
    guard !text.hasPrefix("/") else { return "is absolute: write it from the root of the repository" }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.contains { $0.isEmpty || $0.hasPrefix(".") }
      ? "is not in its simplest form, or begins with a dot" : nil
  }
}
