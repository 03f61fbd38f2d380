import FleetModel
import FleetRecord
import Foundation

/// A directory for a store, removed with this object.
final class StoreFolder {
  let path: String
  var store: String { "\(path)/state/fleetd.db" }

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "fleetd-test-\(UUID().uuidString)")
      .path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }
}

extension RunBeginning {
  static func sample(_ id: String, at time: Int = 1_800_000_000, bytes: Int = 100) -> RunBeginning {
    RunBeginning(
      id: id, fleet: "home", kind: .once, revision: .commit(String(repeating: "3f", count: 20), isModified: false),
      startedAt: time, version: "0.1.0",
      plan: RenderedPlan(text: "Plan: 1 change\n" + String(repeating: ".", count: bytes), json: #"{"changes": 1}"#))
  }
}

extension RunEnding {
  static func sample(at time: Int = 1_800_000_064) -> RunEnding {
    RunEnding(
      endedAt: time, exitCode: 1, summary: "1 converged · 1 failed",
      left: RenderedPlan(text: "Plan: nothing\n", json: #"{"changes": 0}"#),
      outcomes: [
        NodeOutcome(
          node: "pi2", outcome: "converged",
          changes: [
            ChangeOutcome(
              action: "~", kind: "packages", name: "jq", before: "1.6", after: "1.7", note: nil, result: .made)
          ]),
        NodeOutcome(
          node: "pi1", outcome: "failed", reason: "apt-failed", message: "install: no room", next: "df -h",
          changes: [
            ChangeOutcome(action: "+", kind: "packages", name: "vim", result: .left),
            ChangeOutcome(action: "!", kind: "boot", name: "reboot", result: .held),
          ]),
        NodeOutcome(node: "pi3", outcome: "in-sync"),
      ])
  }
}
