import FleetModel
import FoundationEssentials

/// Releases in a directory of the control node, laid out as a mirror is.
struct DirectorySource {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  /// The file is right here, so that it is checked whole, also by a check.
  func state(of release: K3sRelease) -> K3sArtifactState {
    let (checksums, binary) = ("\(directory)/\(release.checksumsPath)", "\(directory)/\(release.binaryPath)")
    guard let data = FileManager.default.contents(atPath: checksums) else {
      return .missing("there is no \(checksums)")
    }
    do throws(K3sChecksums.Problem) {
      let sum = try K3sChecksums.sum(of: release.binaryName, in: Array(data))
      guard let size = LocalArtifact.size(of: binary) else { return .missing("there is no \(binary)") }
      guard LocalArtifact.digest(of: binary) == sum else {
        return .wrong("\(binary) does not match the SHA-256 in \(checksums)")
      }
      return .ready(Artifact(path: binary, size: size, sha256: sum))
    } catch {
      return .wrong("\(checksums): \(error.message)")
    }
  }
}
