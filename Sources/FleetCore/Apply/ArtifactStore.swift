package import FleetModel

/// The k3s releases that the control node holds: looked up at their source, fetched once, checked against their
/// published checksum, kept in a cache.
package struct ArtifactStore: Sendable {
  /// Where fetched releases are kept: `<cache>/k3s/<version>/<file>`.
  private let cache: String

  package init(cache: String) { self.cache = cache }

  /// The published checksum of the wanted release, for each architecture of the fleet. Reads checksum files only, so
  /// that a check of a fleet in sync costs nothing more.
  package func published(for fleet: Fleet) async -> [Architecture: K3sArtifacts] {
    guard let k3s = fleet.k3s else { return [:] }
    var states: [Architecture: K3sArtifacts] = [:]
    for architecture in Set(fleet.nodes.filter { $0.role != nil }.map(\.architecture)) {
      states[architecture] = await source(of: k3s).published(
        K3sRelease(k3s.version, for: architecture), images: k3s.givesAirgapImages)
    }
    return states
  }

  /// The same, looked at closely for what a plan would push: is the file there, and is it the published one?
  package func verified(
    _ states: [Architecture: K3sArtifacts], for plan: FleetPlan, of fleet: Fleet
  ) async -> [Architecture: K3sArtifacts] {
    guard let k3s = fleet.k3s else { return states }
    let pushed = Set(plan.nodes.flatMap(\.changeSets).flatMap(\.steps).compactMap(\.artifact))
    var verified = states
    for (architecture, state) in states {
      let release = K3sRelease(k3s.version, for: architecture)
      for file in [\K3sArtifacts.binary, \.images] {
        guard let artifact = state[keyPath: file].artifact, pushed.contains(artifact) else { continue }
        verified[architecture]?[keyPath: file] = await source(of: k3s).verified(artifact, of: release)
      }
    }
    return verified
  }

  /// Fetches what the plan will push and is not here yet, before any node is touched. What failed, by node.
  package func fetch(_ plan: FleetPlan, of fleet: Fleet, progress: ProgressSink) async -> [String: StepFailure] {
    guard let k3s = fleet.k3s else { return [:] }
    var outcomes: [Artifact: StepFailure?] = [:]
    var failures: [String: StepFailure] = [:]
    for node in plan.nodes {
      for artifact in node.actionable.flatMap(\.steps).compactMap(\.artifact) {
        if outcomes[artifact] == nil { outcomes[artifact] = await fetch(artifact, from: source(of: k3s), progress) }
        if let failure = outcomes[artifact] ?? nil { failures[node.node] = failure }
      }
    }
    return failures
  }

  private func fetch(
    _ artifact: Artifact, from source: any ReleaseSource, _ progress: ProgressSink
  ) async -> StepFailure? {
    do throws(NodeFailure) {
      if LocalArtifact.digest(of: artifact.path) == artifact.sha256 { return nil }
      try await source.fetch(artifact, progress)
      return nil
    } catch {
      let file = artifact.path.split(separator: "/").suffix(2).joined(separator: "/")
      return StepFailure(step: "fetch \(file)", failure: error)
    }
  }

  private func source(of k3s: K3sSettings) -> any ReleaseSource {
    switch k3s.source {
    case .directory(let directory): DirectorySource(directory)
    case .url(let url): MirrorSource(url, cache: cache)
    }
  }
}

/// Where releases come from.
protocol ReleaseSource: Sendable {
  /// From the checksum file alone.
  func published(_ release: K3sRelease, images: Bool) async -> K3sArtifacts

  /// With a look at the file itself.
  func verified(_ artifact: Artifact, of release: K3sRelease) async -> K3sArtifactState

  /// Puts the file at the artifact's path, checked.
  func fetch(_ artifact: Artifact, _ progress: ProgressSink) async throws(NodeFailure)
}

extension Step {
  /// The file that the step pushes.
  var artifact: Artifact? {
    if case .push(let artifact, _, _) = action { artifact } else { nil }
  }
}
