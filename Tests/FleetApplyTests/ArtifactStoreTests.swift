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
    let artifact = try #require(await DirectorySource(directory).published(release, images: false).binary.artifact)
    #expect(artifact.size == 3)
    #expect(await DirectorySource(directory).verified(artifact, of: release) == .ready(artifact))
  }

  @Test("another file under the release's name is wrong, and named with its checksum file")
  func wrong() async throws {
    try write(binary: "other", listed: "k3s")
    let artifact = try #require(await DirectorySource(directory).published(release, images: false).binary.artifact)
    guard case .wrong(let how) = await DirectorySource(directory).verified(artifact, of: release) else {
      Issue.record("a file that does not match its checksum is not wrong")
      return
    }
    #expect(how.contains("sha256sum-amd64.txt"))
  }

  @Test("a missing checksum file or binary is missing by its path")
  func missing() async throws {
    guard case .missing(let checksums) = await DirectorySource(directory).published(release, images: false).binary
    else {
      Issue.record("no checksum file, and not missing")
      return
    }
    #expect(checksums.contains("sha256sum-amd64.txt"))
    try write(binary: nil, listed: "k3s")
    let artifact = try #require(await DirectorySource(directory).published(release, images: false).binary.artifact)
    guard case .missing(let binary) = await DirectorySource(directory).verified(artifact, of: release) else {
      Issue.record("no binary, and not missing")
      return
    }
    #expect(binary.hasSuffix("v1.33.4+k3s1/k3s"))
  }

  @Test("of the forms that its images may have, the first that the release lists is taken")
  func images() async throws {
    try write(binary: "k3s", listed: "k3s")
    let none = await DirectorySource(directory).published(release, images: true)
    guard case .wrong(let why) = none.images else {
      Issue.record("no images are listed, and that is not wrong")
      return
    }
    #expect(why.contains("does not list k3s-airgap-images-amd64.tar.zst"))
    #expect(none.binary.artifact != nil, "the binary has nothing to do with it")

    let sum = SHA256.hash(data: Array("images".utf8)).hexadecimal
    let path = "\(directory)/\(release.checksumsPath)"
    let lines = ["tar", "tar.gz"].map { "\(sum)  k3s-airgap-images-amd64.\($0)\n" }.joined()
    try (String(contentsOfFile: path, encoding: .utf8) + lines).write(toFile: path, atomically: true, encoding: .utf8)
    let listed = await DirectorySource(directory).published(release, images: true)
    #expect(listed.images.artifact?.path == "\(directory)/v1.33.4+k3s1/k3s-airgap-images-amd64.tar.gz")
    #expect(listed.images.artifact?.sha256 == sum)
    #expect(await DirectorySource(directory).published(release, images: false).images == .notNeeded)
  }

  private func write(binary: String?, listed: String) throws {
    let sum = SHA256.hash(data: Array(listed.utf8)).hexadecimal
    try "\(sum)  k3s\n".write(
      toFile: "\(directory)/\(release.checksumsPath)", atomically: true, encoding: .utf8)
    try binary?.write(toFile: "\(directory)/\(release.binaryPath)", atomically: true, encoding: .utf8)
  }
}
