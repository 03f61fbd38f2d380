import Foundation
import Testing

@testable import FleetApply
@testable import FleetModel

@Suite("the snapshots that a control node keeps")
struct SnapshotStoreTests {
  private let folder: URL
  private let store: SnapshotStore

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fleetd-snapshots-\(UUID().uuidString)")
    store = ControlNodeState(at: folder.path).snapshots(of: "home")
  }

  private static let content = Array("etcd".utf8)

  /// As the taker does it: the file first, then what makes it a snapshot.
  private func keep(at takenAt: Int, sum: String? = nil) throws -> K3sSnapshot {
    let sum = sum ?? "0b6df1f3bbcf1db6ee8ca4f7f9ff0ff1ffb3e8ba0d6fd8cf2bb1b0f1c3b7b9f0"
    let text = """
      {"fleet":"home","name":"fleetd-x","node":"pi1","sha256":"\(sum)","size":4,"takenAt":\(takenAt),"version":"v1.33.4+k3s1"}
      """
    let snapshot = try #require(K3sSnapshot(parsing: Array(text.utf8)))
    try store.prepare(for: 4)
    try Data(Self.content).write(to: URL(filePath: store.path(of: snapshot)))
    try store.complete(snapshot, token: Secret(Array("K10abc::server:secret".utf8)))
    return snapshot
  }

  private func names() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: store.directory)) ?? []).sorted()
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test("lists the newest first, with the token beside it, for its owner alone")
  func list() throws {
    #expect(store.list().isEmpty)
    let old = try keep(at: 1_795_730_707)
    let new = try keep(at: 1_795_730_807)
    #expect(store.list() == [new, old])
    #expect(store.snapshot(old.id) == old && store.snapshot("other") == nil)
    #expect(store.token(of: new)?.withBytes { $0 } == Array("K10abc::server:secret".utf8))
    #expect(try mode(store.directory) == 0o700)
    for name in names() where !name.hasSuffix(".db") { #expect(try mode("\(store.directory)/\(name)") == 0o600) }
    try FileManager.default.removeItem(at: folder)
  }

  @Test("keeps the newest, and clears away what was never complete")
  func prune() throws {
    let kept = try (0..<3).map { try keep(at: 1_795_730_707 + $0) }
    for rest in ["20261126T000000Z-pi1.db", "20261126T000000Z-pi1.token", "20261126T000000Z-pi1.db.fleetd-new"] {
      try Data().write(to: URL(filePath: "\(store.directory)/\(rest)"))
    }
    try Data().write(to: URL(filePath: "\(store.directory)/notes.txt"))
    #expect(store.list().count == 3)
    try store.prune(keeping: 2)
    #expect(store.list() == [kept[2], kept[1]])
    let ids = [kept[1].id, kept[2].id]
    #expect(names() == (ids.flatMap { ["\($0).db", "\($0).json", "\($0).token"] } + ["notes.txt"]).sorted())
    try FileManager.default.removeItem(at: folder)
  }

  @Test("a file that was altered is seen")
  func intact() throws {
    let snapshot = try keep(at: 1, sum: "c38cbd92fce41312f3fbdce60510013b7f0d4004a03b45c8e762f98f1ed4006c")
    #expect(store.isIntact(snapshot))
    try Data("etce".utf8).write(to: URL(filePath: store.path(of: snapshot)))
    #expect(!store.isIntact(snapshot))
    try FileManager.default.removeItem(at: folder)
  }

  @Test("a snapshot that would not fit is refused before it is fetched")
  func full() throws {
    let failure = #expect(throws: NodeFailure.self) { try store.prepare(for: 1 << 60) }
    #expect(failure?.reason == .diskFull)
    try FileManager.default.removeItem(at: folder)
  }
}
