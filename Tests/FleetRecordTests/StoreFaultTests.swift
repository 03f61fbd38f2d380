import FleetModel
import FleetRecord
import Foundation
import GRDB
import Testing

@Suite("what can happen to the store")
struct StoreFaultTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  @Test("killed while it writes: sound, and nothing that was said to be stored is lost", arguments: [1, 7, 20, 50])
  func killed(after milliseconds: Int) async throws {
    let path = folder.store
    let told = "\(folder.path)/told"
    try FleetStore(at: path).begin(.sample("first"))
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, told = told as String, milliseconds = milliseconds as Int] in
      let store = try FleetStore(at: path)
      let descriptor = open(told, O_WRONLY | O_CREAT | O_APPEND, 0o600)
      for number in 0... {
        try store.record(.sample("run-\(number)", bytes: 5000), .sample())
        let line = "run-\(number)\n"
        _ = line.withCString { write(descriptor, $0, line.utf8.count) }
        guard number == 3 else { continue }
        Thread.detachNewThread {
          // Any moment is as good as another.
          usleep(UInt32(milliseconds) * 1000)
          kill(getpid(), SIGKILL)
        }
      }
    }
    let stored = Set(
      (try? String(contentsOfFile: told, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? [])
    let store = try FleetStore(at: path)
    #expect(try store.damage().isEmpty)
    let runs = try store.runs(last: 100_000)
    #expect(stored.count > 3)
    #expect(stored.isSubset(of: runs.map(\.id)))
    // Whole or not at all.
    #expect(runs.allSatisfy { $0.id == "first" || $0.ending == .sample() })
  }

  @Test("no room: told as such, nothing is lost, and it goes on when there is room")
  func full() throws {
    var limits = StoreLimits(days: 1, hardBytes: 400_000)
    let store = try FleetStore(at: folder.store, limits: limits)
    try store.record(.sample("first"), .sample())
    var written = 0
    let failure = #expect(throws: RecordFailure.self) {
      while written < 1000 {
        try store.record(.sample("run-\(written)", bytes: 20_000), .sample())
        written += 1
      }
    }
    #expect(failure?.kind == .diskFull)
    #expect(failure?.message.contains("there is no room") == true && failure?.next != nil, "\(failure as Any)")
    #expect(try store.damage().isEmpty)
    #expect(try store.runs(last: 1000).count == written + 1)

    limits.hardBytes = 4_000_000
    let roomier = try FleetStore(at: folder.store, limits: limits)
    try roomier.record(.sample("later"), .sample())
    #expect(try roomier.runs(beginningWith: "later").count == 1)
    // Or by pruning, in the store that was full.
    try store.prune(now: 1_800_000_000 + 2 * 86_400)
    try store.record(.sample("after"), .sample())
    #expect(try store.runs(last: 10).map(\.id) == ["after"])
  }

  @Test(
    "a disk that is really full", .enabled(if: geteuid() == 0, "a file system of its own takes root to mount"))
  func fullDisk() throws {
    let mount = "\(folder.path)/small"
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
    #expect(try run("mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", mount) == 0)
    defer { _ = try? run("umount", "--lazy", mount) }
    let store = try FleetStore(at: "\(mount)/fleetd.db")
    var written = 0
    let failure = #expect(throws: RecordFailure.self) {
      while written < 1000 {
        try store.record(.sample("run-\(written)", bytes: 20_000), .sample())
        written += 1
      }
    }
    #expect(failure?.kind == .diskFull, "\(failure as Any)")
    #expect(written > 0)
    #expect(try store.runs(last: 1000).count == written)
    #expect(try run("mount", "-o", "remount,size=8m", mount) == 0)
    try store.record(.sample("later"), .sample())
    #expect(try store.damage().isEmpty)
    #expect(try store.runs(last: 1000).count == written + 1)
  }

  @Test("a file that is no database, and a damaged one, are told with the way out")
  func damaged() throws {
    try FileManager.default.createDirectory(atPath: "\(folder.path)/state", withIntermediateDirectories: true)
    try Data(repeating: 0x41, count: 20_000).write(to: URL(filePath: folder.store))
    let failure = #expect(throws: RecordFailure.self) { try FleetStore(at: folder.store) }
    #expect(failure?.kind == .damaged)
    #expect(failure?.next?.contains("mv ") == true)
  }

  @Test("a directory in which nobody may write is told")
  func notAllowed() {
    let failure = #expect(throws: RecordFailure.self) { try FleetStore(at: "/proc/fleetd/fleetd.db") }
    #expect(failure?.kind == .notAllowed)
  }

  @Test("a store of a newer fleetd is refused, and left as it is")
  func newer() throws {
    _ = try FleetStore(at: folder.store)
    try DatabaseQueue(path: folder.store).write { database in
      try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')")
    }
    for open in [{ try FleetStore(at: $0) }, { try FleetStore(reading: $0) }] as [(String) throws -> FleetStore] {
      let failure = #expect(throws: RecordFailure.self) { try open(folder.store) }
      #expect(failure?.kind == .newer)
    }
  }

  private func run(_ command: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
