package import FleetModel

/// The k3s releases that the control node holds: looked up at their source, fetched once, checked against their
/// published checksum, kept in a cache.
package struct ArtifactStore: Sendable {
  /// Where fetched releases are kept: `<cache>/k3s/<version>/<file>`.
  private let cache: String

  package init(cache: String) { self.cache = cache }

  /// What is known of the wanted release, for each architecture that some node needs it for. Fetches checksums only.
  package func states(for fleet: Fleet) async -> [Architecture: K3sArtifactState] {
    guard let k3s = fleet.k3s else { return [:] }
    var states: [Architecture: K3sArtifactState] = [:]
    for architecture in Set(fleet.nodes.filter { $0.role != nil }.map(\.architecture)) {
      let release = K3sRelease(k3s.version, for: architecture)
      switch k3s.source {
      case .directory(let directory): states[architecture] = DirectorySource(directory).state(of: release)
      case .url(let url): states[architecture] = await state(of: release, at: url)
      }
    }
    return states
  }

  /// Fetches what the plan will push and is not here yet, before any node is touched. What failed, by node.
  package func fetch(_ plan: FleetPlan, from source: K3sSource?, progress: ProgressSink) async -> [String: StepFailure]
  {
    var outcomes: [Artifact: StepFailure?] = [:]
    var failures: [String: StepFailure] = [:]
    for node in plan.nodes {
      for artifact in node.actionable.flatMap(\.steps).compactMap(\.artifact) {
        if outcomes[artifact] == nil { outcomes[artifact] = await fetch(artifact, from: source, progress) }
        if let failure = outcomes[artifact] ?? nil { failures[node.node] = failure }
      }
    }
    return failures
  }

  private func fetch(_ artifact: Artifact, from source: K3sSource?, _ progress: ProgressSink) async -> StepFailure? {
    let title = "fetch \(artifact.path.split(separator: "/").suffix(2).joined(separator: "/"))"
    do throws(NodeFailure) {
      if LocalArtifact.digest(of: artifact.path) == artifact.sha256 { return nil }
      guard case .url(let url) = source, let relative = relativePath(of: artifact) else {
        throw NodeFailure(.k3sArtifactWrong, "\(artifact.path) changed since it was checked", next: "run again")
      }
      progress(.fetching(what: "\(url)/\(relative)"))
      try await MirrorSource(url).download(relative, to: artifact)
      return nil
    } catch {
      return StepFailure(step: title, failure: error)
    }
  }

  private func state(of release: K3sRelease, at url: String) async -> K3sArtifactState {
    let mirror = MirrorSource(url)
    do throws(NodeFailure) {
      let sum = try await mirror.checksum(of: release)
      let path = "\(cache)/k3s/\(release.binaryPath)"
      if let size = LocalArtifact.size(of: path), LocalArtifact.digest(of: path) == sum {
        return .ready(Artifact(path: path, size: size, sha256: sum))
      }
      let size = try await mirror.size(of: release)
      return .published(Artifact(path: path, size: size, sha256: sum))
    } catch {
      return error.reason == .k3sArtifactWrong ? .wrong(error.message) : .missing(error.message)
    }
  }

  private func relativePath(of artifact: Artifact) -> String? {
    let prefix = "\(cache)/k3s/"
    return artifact.path.hasPrefix(prefix) ? String(artifact.path.dropFirst(prefix.count)) : nil
  }
}

extension Step {
  /// The file that the step pushes.
  var artifact: Artifact? {
    if case .push(let artifact, _, _) = action { artifact } else { nil }
  }
}
