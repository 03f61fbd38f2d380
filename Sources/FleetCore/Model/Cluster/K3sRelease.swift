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

  package var checksumsName: String { "sha256sum-\(architecture.rawValue).txt" }

  /// Below a source's directory; below its url the `+` may stand as it is or as `%2B`.
  package var binaryPath: String { "\(version)/\(binaryName)" }
  package var checksumsPath: String { "\(version)/\(checksumsName)" }
}
