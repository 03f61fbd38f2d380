import FleetModel
import FleetRecord
import Foundation
import Testing

@Suite("a backup of the control node")
struct StoreBackupTests {
  private let folder: StoreFolder
  private let files = [
    StoreBackup.File(path: "known_hosts", bytes: Array("pi1 ssh-ed25519 AAAA\n".utf8)),
    StoreBackup.File(path: "tokens/home", bytes: Array("a-token-that-must-not-stay".utf8)),
  ]

  init() throws { folder = try StoreFolder() }

  @Test("store and files come back to the byte, and no secret stays in the new store")
  func roundTrip() throws {
    let store = try FleetStore(at: folder.store)
    try store.record(.sample("kept"), .sample())
    let backup = "\(folder.path)/backup"
    try StoreBackup.write(store, files, to: backup)
    #expect(try folder.mode(of: backup) == 0o600)
    // The store goes on meanwhile; the backup is of its moment.
    try store.record(.sample("later"), .sample())

    #expect(try StoreBackup.files(of: backup) == files)
    let restored = "\(folder.path)/new/fleetd.db"
    try StoreBackup.restoreStore(of: backup, to: restored)
    #expect(try FleetStore(at: restored).runs(last: 9).map(\.id) == ["kept"])
    #expect(try folder.mode(of: restored) == 0o600)
    #expect(try Data(contentsOf: URL(filePath: backup)).range(of: Data(files[1].bytes)) != nil)
    #expect(try Data(contentsOf: URL(filePath: restored)).range(of: Data(files[1].bytes)) == nil)
    // Nothing is left beside them.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["backup", "new", "state"])
  }

  @Test("without a store there still are files to keep")
  func noStore() throws {
    let backup = "\(folder.path)/backup"
    try StoreBackup.write(nil, files, to: backup)
    #expect(try StoreBackup.files(of: backup) == files)
  }

  @Test("a file that is there is not replaced")
  func existing() throws {
    let backup = "\(folder.path)/backup"
    try Data("mine".utf8).write(to: URL(filePath: backup))
    #expect(throws: RecordFailure.self) { try StoreBackup.write(nil, files, to: backup) }
    #expect(try String(contentsOfFile: backup, encoding: .utf8) == "mine")
  }

  @Test("what is no backup, or leads out of the state directory, is refused")
  func refused() throws {
    _ = try FleetStore(at: folder.store)
    #expect(throws: RecordFailure.self) { try StoreBackup.files(of: folder.store) }
    for path in ["../evil", "/etc/passwd", "tokens//x", "tokens/../../x"] {
      let backup = "\(folder.path)/\(UUID().uuidString)"
      try StoreBackup.write(nil, [StoreBackup.File(path: path, bytes: [])], to: backup)
      #expect(throws: RecordFailure.self, "\(path)") { try StoreBackup.files(of: backup) }
    }
  }
}
