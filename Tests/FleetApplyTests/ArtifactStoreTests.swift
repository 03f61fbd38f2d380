import Crypto
import Foundation
import Testing

@testable import FleetApply
@testable import FleetModel

@Suite("k3s releases in a directory")
struct ArtifactStoreTests {
  private let release: K3sRelease
  private let directory: String

  init() throws {
    let version = try #require(K3sVersion("v1.33.4+k3s1"))
    release = K3sRelease(version, for: .amd64)
    directory = FileManager.default.temporaryDirectory.appending(path: "fleetd-test-\(UUID().uuidString)")
      .path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: "\(directory)/\(version)", withIntermediateDirectories: true)
  }

  @Test("a release that matches its checksum is ready")
  func ready() async throws {
    try write(binary: "k3s", listed: "k3s")
    let artifact = try #require(await DirectorySource(directory).published(release).artifact)
    #expect(artifact.size == 3)
    #expect(await DirectorySource(directory).verified(release, artifact) == .ready(artifact))
  }

  @Test("another file under the release's name is wrong, and named with its checksum file")
  func wrong() async throws {
    try write(binary: "other", listed: "k3s")
    let artifact = try #require(await DirectorySource(directory).published(release).artifact)
    guard case .wrong(let how) = await DirectorySource(directory).verified(release, artifact) else {
      Issue.record("a file that does not match its checksum is not wrong")
      return
    }
    #expect(how.contains("sha256sum-amd64.txt"))
  }

  @Test("a missing checksum file or binary is missing by its path")
  func missing() async throws {
    guard case .missing(let checksums) = await DirectorySource(directory).published(release) else {
      Issue.record("no checksum file, and not missing")
      return
    }
    #expect(checksums.contains("sha256sum-amd64.txt"))
    try write(binary: nil, listed: "k3s")
    let artifact = try #require(await DirectorySource(directory).published(release).artifact)
    guard case .missing(let binary) = await DirectorySource(directory).verified(release, artifact) else {
      Issue.record("no binary, and not missing")
      return
    }
    #expect(binary.hasSuffix("v1.33.4+k3s1/k3s"))
  }

  private func write(binary: String?, listed: String) throws {
    let sum = SHA256.hash(data: Array(listed.utf8)).hexadecimal
    try "\(sum)  k3s\n".write(
      toFile: "\(directory)/\(release.checksumsPath)", atomically: true, encoding: .utf8)
    try binary?.write(toFile: "\(directory)/\(release.binaryPath)", atomically: true, encoding: .utf8)
  }
}
