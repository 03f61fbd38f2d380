import FleetModel
import FleetReconcile

/// What a command works on: the control node's configuration, the state repository and the fleet that it declares.
struct Workspace: Sendable {
  let configuration: ControlNodeConfiguration
  let repository: StateRepository
  let fleet: Fleet

  /// Reads all of it. Throws `InvalidConfiguration` or `RunFailure`; what is wrong in the inventory is printed first.
  init(_ options: SharedOptions) throws {
    configuration = try ControlNode.configuration(at: options.config, home: Console.variable("HOME"))
    repository = StateRepository(at: try Self.path(options, configuration))
    fleet = try Self.fleet(in: repository)
  }

  /// What a commit declares, on a control node that is configured so.
  init(_ configuration: ControlNodeConfiguration, _ desired: DesiredState) {
    self.configuration = configuration
    repository = desired.repository
    fleet = desired.fleet
  }

  /// The state repository: `--repo`, else the configured checkout, else the current directory; links resolved.
  static func path(
    _ options: SharedOptions, _ configuration: ControlNodeConfiguration
  ) throws(RunFailure) -> String {
    let path = options.repo ?? configuration.checkout ?? "."
    guard let absolute = AbsolutePath.resolve(path) else {
      throw RunFailure(
        "there is no directory \(path)",
        next: options.repo == nil && configuration.checkout != nil
          ? "clone the state repository to there, as the account that fleetd runs as, or change spec.checkout.path"
          : "name the state repository: --repo DIR")
    }
    return absolute
  }

  private static func fleet(in repository: StateRepository) throws(RunFailure) -> Fleet {
    let (fleet, diagnostics) = FleetDecoder.decode(try repository.inventory())
    if let fleet { return fleet }
    let all = diagnostics.all
    for diagnostic in all { Console.progress(diagnostic.description) }
    throw RunFailure("\(all.count) problem\(all.count == 1 ? "" : "s") in the inventory; nothing was done")
  }

  /// The objects of a pass; `nil`: there are none to look at.
  func objects(_ selection: NodeSelection, allowedDeletions: Int) async throws -> ObjectsPass? {
    guard fleet.k3s != nil, let files = try repository.manifests(fleet.manifests) else { return nil }
    let (decrypted, failures) = await ManifestDecryption(configuration.decryption).decrypted(files)
    return ObjectsPass(
      try Self.decoded(decrypted, fleet), failures: failures, fleet: fleet, selection: selection,
      allowedDeletions: allowedDeletions)
  }

  private static func decoded(_ files: [ManifestFile], _ fleet: Fleet) throws(RunFailure) -> ManifestSet {
    let (manifests, diagnostics) = ManifestSet.decode(files, below: fleet.manifests.path)
    let all = diagnostics.all
    guard !all.isEmpty else { return manifests }
    for diagnostic in all { Console.progress(diagnostic.description) }
    throw RunFailure(
      "\(all.count) problem\(all.count == 1 ? "" : "s") in \(fleet.manifests.path)/; nothing was done")
  }
}
