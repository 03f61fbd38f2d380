import Foundation
import Subprocess
import SystemPackage
import Testing

/// The lab on this machine: real nodes, started beforehand by lab/up.
enum Lab {
  /// The project's root: scripts are run from here.
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

  static let environment = ProcessInfo.processInfo.environment

  /// Which of the labs on this machine.
  static let name = environment["FLEETLAB_NAME"] ?? "fleetlab"

  /// The program under test, as a user runs it.
  static let binary = environment["FLEETD_BINARY"] ?? ""

  /// Where a missing lab is a failure.
  static let isCI = environment["CI"] == "true"

  static let isUp = FileManager.default.fileExists(atPath: "/var/run/netns/\(name)") && !binary.isEmpty

  /// Whether lab/up was asked for emulated boards.
  static let hasMachines = isUp && FileManager.default.fileExists(atPath: "/var/lib/\(name)/machine-image")

  /// Suites are enabled where the lab is up; in CI they run, and fail, where it is not.
  static let isExpected = isUp || isCI

  /// What `lab/inventory` tells.
  struct Inventory: Decodable {
    struct Node: Decodable {
      let name: String
      let address: String
      let hostKeys: [String]
      let identityFile: String
      let boardSerial: String
      let architecture: String
      /// An emulated board, and no container.
      let isMachine: Bool
    }

    let mirrorURL: String
    let k3sDirectory: String
    /// The files of a fresh card's boot partition; only where there are machines.
    let machineBoot: String?
    let nodes: [Node]
  }

  /// Asked once, before the first node is imaged anew: a card that is being written has no keys to tell.
  static func inventory() async throws -> Inventory { try await asked.value }

  private static let asked = Task {
    let output = try await run("lab/inventory")
    return try JSONDecoder().decode(Inventory.self, from: Data(output.text.utf8))
  }

  /// Runs a script of the lab and requires it to succeed.
  @discardableResult
  static func run(_ words: String...) async throws -> Output {
    let output = try await execute(words)
    try #require(output.status == 0, "\(words.joined(separator: " ")): \(output.text)\(output.errors)")
    return output
  }

  /// Runs `words` from the project's root.
  static func execute(_ words: [String]) async throws -> Output {
    let result = try await Subprocess.run(
      .path("/usr/bin/env"), arguments: Arguments(["-C", root] + words), output: .string(limit: 16 << 20),
      error: .string(limit: 16 << 20))
    let status: Int32 = if case .exited(let code) = result.terminationStatus { Int32(code) } else { -1 }
    return Output(status: status, text: result.standardOutput, errors: result.standardError)
  }
}

/// What a program wrote and how it ended; -1: by a signal.
struct Output: Sendable {
  let status: Int32
  let text: String
  let errors: String
}
