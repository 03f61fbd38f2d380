/// The files of one k3s release for one architecture, as k3s names them.
package struct K3sRelease: Sendable, Hashable {
  package let version: K3sVersion
  package let architecture: Architecture

  package init(_ version: K3sVersion, for architecture: Architecture) {
    self.version = version
    self.architecture = architecture
  }

  /// amd64 has no suffix.
  package var binaryName: String {
    switch architecture {
    case .arm64: "k3s-arm64"
    case .amd64: "k3s"
    }
  }

  /// The images that k3s itself needs, by preference: a release has all three forms.
  package var imagesNames: [String] {
    K3sPaths.imagesEndings.map { "k3s-airgap-images-\(architecture.rawValue)\($0)" }
  }

  package var checksumsName: String { "sha256sum-\(architecture.rawValue).txt" }

  /// Below a source's directory; below its url the `+` may stand as it is or as `%2B`.
  package func path(of name: String) -> String { "\(version)/\(name)" }
  package var binaryPath: String { path(of: binaryName) }
  package var checksumsPath: String { path(of: checksumsName) }

  /// The files of the release that its checksum file lists, as the control node would have them.
  ///
  /// - Parameters:
  ///   - images: whether the air-gap images are wanted.
  ///   - artifact: the file of a path below the source, of this SHA-256.
  package func artifacts(
    listedIn checksums: [UInt8], images: Bool, named place: String,
    _ artifact: (_ path: String, _ sum: String) -> Artifact
  ) -> K3sArtifacts {
    func state(_ names: [String]) -> K3sArtifactState {
      var problem = K3sChecksums.Problem.notListed(names[0])
      for name in names {
        do throws(K3sChecksums.Problem) {
          return .published(artifact(path(of: name), try K3sChecksums.sum(of: name, in: checksums)))
        } catch .notListed {
          continue
        } catch {
          problem = error
          break
        }
      }
      return .wrong("\(place): \(problem.message)")
    }
    return K3sArtifacts(binary: state([binaryName]), images: images ? state(imagesNames) : .notNeeded)
  }
}
