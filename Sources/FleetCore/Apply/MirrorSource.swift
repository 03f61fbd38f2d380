import AsyncHTTPClient
import FleetModel
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import SystemPackage

/// Releases on an HTTP mirror: `<url>/<version>/<file>`; what was fetched is kept in a cache of the same layout.
struct MirrorSource: ReleaseSource {
  private let url: String
  private let cache: String

  init(_ url: String, cache: String) {
    self.url = url
    self.cache = "\(cache)/k3s"
  }

  func published(_ release: K3sRelease, images: Bool) async -> K3sArtifacts {
    do throws(NodeFailure) {
      let sums = try await checksums(of: release)
      return release.artifacts(listedIn: sums, images: images, named: "\(url)/\(release.checksumsPath)") { path, sum in
        Artifact(path: "\(cache)/\(path)", size: LocalArtifact.size(of: "\(cache)/\(path)") ?? 0, sha256: sum)
      }
    } catch {
      let missing = K3sArtifactState.missing(error.message)
      return K3sArtifacts(binary: missing, images: images ? missing : .notNeeded)
    }
  }

  func verified(_ artifact: Artifact, of release: K3sRelease) async -> K3sArtifactState {
    if LocalArtifact.digest(of: artifact.path) == artifact.sha256 { return .ready(artifact) }
    do throws(NodeFailure) {
      let file = relative(artifact)
      let response = try await get(file, method: .HEAD)
      let size = response.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
      guard (0...Self.maximumBytes).contains(size) else {
        return .wrong("\(url)/\(file) says that it has \(size) bytes, more than any file of a release")
      }
      return .published(Artifact(path: artifact.path, size: size, sha256: artifact.sha256))
    } catch {
      return .missing(error.message)
    }
  }

  func fetch(_ artifact: Artifact, _ progress: ProgressSink) async throws(NodeFailure) {
    let relative = relative(artifact)
    progress(.fetching(what: "\(url)/\(relative)"))
    try await download(relative, to: artifact)
  }

  /// Below the mirror's url.
  private func relative(_ artifact: Artifact) -> String { String(artifact.path.dropFirst(cache.count + 1)) }

  private func checksums(of release: K3sRelease) async throws(NodeFailure) -> [UInt8] {
    let response = try await get(release.checksumsPath, method: .GET)
    do {
      return Array(buffer: try await response.body.collect(upTo: K3sChecksums.maximumBytes))
    } catch {
      throw NodeFailure(.k3sArtifactMissing, "\(url)/\(release.checksumsPath) cannot be read: \(error)")
    }
  }

  /// Into a temporary file beside the target, checked, then renamed: a file under its own name is always whole.
  private func download(_ relative: String, to artifact: Artifact) async throws(NodeFailure) {
    let response = try await get(relative, method: .GET)
    let temporary = artifact.path + ".fleetd-new"
    do {
      let directory = artifact.path.split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(atPath: "/" + directory, withIntermediateDirectories: true)
      let file = try FileDescriptor.open(
        FilePath(temporary), .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
      defer { try? file.close() }
      var written = 0
      for try await chunk in response.body {
        written += chunk.readableBytes
        guard written <= Self.maximumBytes else { throw TooLarge() }
        try file.writeAll(chunk.readableBytesView)
      }
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw NodeFailure(.k3sArtifactMissing, "\(url)/\(relative) cannot be fetched: \(error)", next: "run again")
    }
    guard LocalArtifact.digest(of: temporary) == artifact.sha256 else {
      try? FileManager.default.removeItem(atPath: temporary)
      throw NodeFailure(
        .k3sArtifactWrong, "\(url)/\(relative) does not match its published SHA-256",
        next: "the mirror's copy is damaged: mirror the release anew")
    }
    guard rename(temporary, artifact.path) == 0 else {
      throw NodeFailure(.k3sArtifactMissing, "\(artifact.path) cannot be written", next: "is the cache's disk full?")
    }
  }

  private struct TooLarge: Error, CustomStringConvertible {
    let description = "it is larger than any file of a release"
  }

  /// A k3s binary has about 70 MB, its images have some hundred.
  private static let maximumBytes = 1 << 30

  /// One for the whole process, never shut down. A mirror that does not take connections is down, and a check says so: by
  /// default it would be tried for 90 seconds.
  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration.singletonConfiguration
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
  }()

  /// A `+` stays as it is in a path; in a query it would mean a blank.
  private func get(_ relative: String, method: HTTPMethod) async throws(NodeFailure) -> HTTPClientResponse {
    var request = HTTPClientRequest(url: "\(url)/\(relative)")
    request.method = method
    let response: HTTPClientResponse
    do {
      response = try await Self.client.execute(request, timeout: .seconds(600))
    } catch {
      throw NodeFailure(.k3sArtifactMissing, "the mirror \(url) does not answer: \(error)")
    }
    guard response.status == .ok else {
      throw NodeFailure(.k3sArtifactMissing, "\(url)/\(relative) is not there: \(response.status.code)")
    }
    return response
  }
}
