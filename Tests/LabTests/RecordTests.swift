import Foundation
import Testing

@Suite("the record of runs", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct RecordTests {
  private static let spec = "files: [{path: /etc/fleet/app.conf, content: {secret: other}}]"

  private struct History: Decodable {
    let runs: [Entry]
  }

  private struct Entry: Decodable {
    struct Result: Decodable {
      struct Change: Decodable {
        let name: String
        let after: String?
        let result: String
      }

      let node: String
      let outcome: String
      let changes: [Change]
    }

    let id: String
    let kind: String
    let exitCode: Int32?
    let endedAt: String?
    let results: [Result]
    let plan: Run.Plan?
    let left: Run.Plan?
  }

  private func history(_ fleet: TestFleet) async throws -> [Entry] {
    let output = try await record("history", fleet)
    #expect(output.status == 0, "\(output.errors)")
    return try JSONDecoder().decode(History.self, from: Data(output.text.utf8)).runs
  }

  private func record(_ command: String, _ fleet: TestFleet) async throws -> Output {
    try await fleet.record(command, "--output", "json")
  }

  @Test("a run is evidence: plan, results, the empty second plan, and no secret", .timeLimit(.sharedNodes))
  func evidence() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      #expect(try await fleet.check().code == 2)
      #expect(try await record("history", fleet).status == 1)
      #expect(!FileManager.default.fileExists(atPath: "\(fleet.directory)/state/fleetd.db"))

      #expect(try await fleet.once().code == 0)
      #expect(try await fleet.check().code == 0)
      let entry = try #require(try await history(fleet).first)
      #expect(try await history(fleet).count == 1)
      #expect(entry.kind == "once" && entry.exitCode == 0)
      #expect(entry.results.first?.outcome == "converged")
      #expect(entry.results.first?.changes.map(\.result).allSatisfy { $0 == "made" } == true)

      let shown = try await fleet.record("show", "last", "--output", "json")
      let detail = try JSONDecoder().decode(Entry.self, from: Data(shown.text.utf8))
      #expect(detail.plan?.nodes.first?.changes.isEmpty == false)
      #expect(detail.left?.nodes.first?.isInSync == true)
      let text = try await fleet.record("history", node.name)
      #expect(text.text.contains("/etc/fleet/app.conf"), "\(text.text)\(text.errors)")

      for file in ["fleetd.db", "fleetd.db-wal"] {
        let bytes = FileManager.default.contents(atPath: "\(fleet.directory)/state/\(file)") ?? Data()
        #expect(bytes.range(of: Data("other-secret-value".utf8)) == nil)
      }
    }
  }

  @Test("a run that is killed stands there with its plan and without an end", .timeLimit(.sharedNodes))
  func killed() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {fleet-slow: present}")
      async let killed = fleet.once()
      try await node.await("dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured")
      try await fleet.signal("KILL")
      #expect(try await killed.document == nil)
      let entry = try #require(try await history(fleet).first)
      #expect(entry.endedAt == nil && entry.exitCode == nil)
      #expect(try await fleet.once().code == 0)
      #expect(try await history(fleet).map(\.exitCode) == [0, nil])
    }
  }

  @Test("a store that cannot be opened is told, and the run converges all the same", .timeLimit(.sharedNodes))
  func unusableStore() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      try FileManager.default.createDirectory(
        atPath: "\(fleet.directory)/state/fleetd.db", withIntermediateDirectories: true)
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.output.errors.contains("this run is not recorded: "), "\(run.output.errors)")
    }
  }

  @Test("a lost control node: a backup makes another one with the same record", .timeLimit(.sharedNodes))
  func backup() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: Self.spec)
      #expect(try await fleet.once().code == 0)
      let before = try await history(fleet).map(\.id)
      let file = "\(fleet.directory)/backup"
      #expect(try await fleet.record("backup", file).status == 0)
      let refused = try await fleet.record("restore", file)
      #expect(refused.status == 1 && refused.errors.contains("is not empty"), "\(refused.errors)")

      try FileManager.default.removeItem(atPath: "\(fleet.directory)/state")
      let restored = try await fleet.record("restore", file)
      #expect(restored.status == 0, "\(restored.errors)")
      #expect(try await history(fleet).map(\.id) == before)
      #expect(try await fleet.once().code == 0)
      #expect(try await history(fleet).count == 2)
    }
  }
}
