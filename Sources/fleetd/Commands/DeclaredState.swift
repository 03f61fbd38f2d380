import FleetModel
import FleetReconcile

/// Everything that a working tree declares, and everything that is wrong or unwise in it, in one look.
struct DeclaredState {
  /// `nil`: the inventory is not valid.
  let fleet: Fleet?
  let manifests: ManifestSet?
  let manifestSettings: ManifestSettings
  /// In the order of their places: the inventory's, the manifests', the lints'.
  let annotations: [Annotation]
  private let inventoryProblems: Int
  private let manifestProblems: Int

  /// Throws what keeps it from being read at all.
  init(in repository: StateRepository) throws(RunFailure) {
    let files = try repository.inventory()
    let (fleet, inventory) = FleetDecoder.decode(files)
    self.fleet = fleet
    manifestSettings = fleet?.manifests ?? FleetDecoder.manifestSettings(in: files)
    var annotations = inventory.all.map { Annotation(.error, "inventory", $0) }
    var problems = Diagnostics()
    manifests = try repository.manifests(manifestSettings).map { [path = manifestSettings.path] files in
      let (manifests, found) = ManifestSet.decode(files, below: path)
      problems = found
      return manifests
    }
    annotations += problems.all.map { Annotation(.error, "manifest", $0) }
    inventoryProblems = inventory.all.count
    manifestProblems = problems.all.count
    if let fleet, let manifests, problems.isEmpty {
      let found = ObjectLinter(of: fleet).findings(
        in: manifests.objects + manifests.glimpsed, besides: manifests.glimpsedNamespaces)
      annotations += found.map { finding in
        Annotation(
          finding.level == .error ? .error : .warning, finding.lint.rawValue,
          Diagnostic(at: finding.mark, "\(finding.problem) [\(finding.lint.rawValue)]", hint: finding.hint))
      }
    }
    self.annotations = annotations
  }

  /// What can be worked with; `nil`: something is wrong with it.
  var valid: (Fleet, ManifestSet)? {
    guard let fleet, manifestProblems == 0 else { return nil }
    return (fleet, manifests ?? .none)
  }

  /// Without the lints.
  var problems: [Annotation] { Array(annotations.prefix(inventoryProblems + manifestProblems)) }

  /// `2 problems in the inventory and 1 in cluster/`.
  var countedProblems: String {
    let counts = [(inventoryProblems, "the inventory"), (manifestProblems, "\(manifestSettings.path)/")]
      .filter { $0.0 > 0 }
    guard let (count, place) = counts.first else { return "no problems" }
    let rest = counts.dropFirst().map { " and \($0.0) in \($0.1)" }.joined()
    return "\(count) problem\(count == 1 ? "" : "s") in \(place)\(rest)"
  }
}
