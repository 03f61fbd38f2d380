import FleetModel
import FleetReconcile
import Foundation
import Subprocess
import SystemPackage
import Testing

/// Real checkouts in a directory that is removed with this object.
final class GitFolder {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The checkout that the daemon follows.
  var checkout: String { folder.path + "/checkout" }
  /// What it was cloned from.
  var origin: String { folder.path + "/origin" }

  /// An origin with one good commit, and a clone of it.
  static func cloned() async throws -> GitFolder {
    let git = try GitFolder()
    try FileManager.default.createDirectory(atPath: git.origin, withIntermediateDirectories: true)
    try await git.run("-C", git.origin, "init", "-q", "--initial-branch=main")
    try await git.commit(fleet: "home")
    try await git.run("clone", "-q", git.origin, git.checkout)
    return git
  }

  static func inventory(_ fleet: String, _ more: String = "") -> String {
    "apiVersion: fleetd/v1\nkind: Fleet\nmetadata: {name: \(fleet)}\nspec: {\(more)}\n"
  }

  /// Commits an inventory to the origin, or elsewhere. Its id.
  @discardableResult
  func commit(
    fleet: String, _ more: String = "", in directory: String? = nil, with options: [String] = [],
    _ arguments: String...
  ) async throws -> String {
    try await commit(Self.inventory(fleet, more), in: directory, with: options, arguments)
  }

  @discardableResult
  func commit(
    _ inventory: String, in directory: String? = nil, with options: [String] = [], _ arguments: [String] = []
  ) async throws -> String {
    let directory = directory ?? origin
    let name = directory.dropFirst(folder.path.count + 1)
    try folder.write("\(name)/inventory/fleet.yaml", inventory)
    try await run("-C", directory, "add", "--all")
    try await run(
      ["-C", directory, "-c", "user.name=a", "-c", "user.email=a@b"] + options
        + ["commit", "--allow-empty", "-qm", "change"] + arguments)
    return try await run("-C", directory, "rev-parse", "HEAD")
  }

  @discardableResult
  func run(_ arguments: String...) async throws -> String { try await run(arguments) }

  @discardableResult
  func run(_ arguments: [String]) async throws -> String {
    let result = try await Subprocess.run(
      .name("git"), arguments: Arguments(arguments), workingDirectory: FilePath(folder.path),
      output: .string(limit: 1 << 16), error: .string(limit: 4096))
    try #require(result.terminationStatus.isSuccess, "git \(arguments): \(result.standardError)")
    return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
