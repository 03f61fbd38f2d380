import FleetModel
import FoundationEssentials

/// Releases in a directory of the control node, laid out as a mirror is.
struct DirectorySource: ReleaseSource {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  func published(_ release: K3sRelease) async -> K3sArtifactState {
    let (checksums, binary) = ("\(directory)/\(release.checksumsPath)", "\(directory)/\(release.binaryPath)")
    guard let data = FileManager.default.contents(atPath: checksums) else {
      return .missing("there is no \(checksums)")
    }
    do throws(K3sChecksums.Problem) {
      let sum = try K3sChecksums.sum(of: release.binaryName, in: Array(data))
      return .published(Artifact(path: binary, size: LocalArtifact.size(of: binary) ?? 0, sha256: sum))
    } catch {
      return .wrong("\(checksums): \(error.message)")
    }
  }

  func verified(_ release: K3sRelease, _ artifact: Artifact) async -> K3sArtifactState {
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
