import FleetModel
import FoundationEssentials

/// Releases in a directory of the control node, laid out as a mirror is.
struct DirectorySource: ReleaseSource {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  func published(_ release: K3sRelease, images: Bool) async -> K3sArtifacts {
    let checksums = "\(directory)/\(release.checksumsPath)"
    guard let data = FileManager.default.contents(atPath: checksums) else {
      let missing = K3sArtifactState.missing("there is no \(checksums)")
      return K3sArtifacts(binary: missing, images: images ? missing : .notNeeded)
    }
    return release.artifacts(listedIn: Array(data), images: images, named: checksums) { path, sum in
      Artifact(path: "\(directory)/\(path)", size: LocalArtifact.size(of: "\(directory)/\(path)") ?? 0, sha256: sum)
    }
  }

  func verified(_ artifact: Artifact, of release: K3sRelease) async -> K3sArtifactState {
    guard LocalArtifact.size(of: artifact.path) != nil else { return .missing("there is no \(artifact.path)") }
    guard LocalArtifact.digest(of: artifact.path) == artifact.sha256 else {
      return .wrong("\(artifact.path) does not match the SHA-256 in \(release.checksumsName)")
    }
    return .ready(artifact)
  }

  func fetch(_ artifact: Artifact, _ progress: ProgressSink) async throws(NodeFailure) {
    throw NodeFailure(.k3sArtifactWrong, "\(artifact.path) changed since it was checked", next: "run again")
  }
}
