/// What the control node knows of the wanted release for one architecture.
package struct K3sArtifacts: Sendable, Hashable {
  package var binary: K3sArtifactState
  /// The air-gap images; `notNeeded` where the fleet does not give them to nodes.
  package var images: K3sArtifactState

  package init(binary: K3sArtifactState, images: K3sArtifactState = .notNeeded) {
    self.binary = binary
    self.images = images
  }

  package var all: [K3sArtifactState] { [binary, images] }
}

/// What the control node knows of one file of a release.
package enum K3sArtifactState: Sendable, Hashable {
  /// It was not looked for: no node of this architecture wants k3s, or the run is offline.
  case notNeeded
  /// Its checksum is published, and it is fetched to the artifact's path before the first step; until then its size may
  /// be unknown (0).
  case published(Artifact)
  /// It is on the control node and matches its checksum.
  case ready(Artifact)
  /// The source does not have it: why.
  case missing(String)
  /// The source has it, and it does not match its published checksum: how.
  case wrong(String)

  /// What a plan may push.
  package var artifact: Artifact? {
    switch self {
    case .published(let artifact), .ready(let artifact): artifact
    case .notNeeded, .missing, .wrong: nil
    }
  }
}
