import FleetApply
import FleetModel
import FleetReconcile
import Foundation
import Testing

@Suite("host keys that the control node makes")
struct HostKeyStoreTests {
  @Test("a key is made once, kept for its owner alone, and is the same at the next card")
  func once() async throws {
    let folder = try TemporaryFolder()
    let store = HostKeyStore(ControlNodeState(at: folder.path), of: "pi1", in: "home")
    #expect(try store.read() == nil)
    let first = try await store.make()
    #expect(try await store.make() == first)
    #expect(try await store.publicLine().hasPrefix("ssh-ed25519 AAAA"))
    #expect(FileStatus(of: store.path)?.mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/host-keys") == ["home@pi1"])
    #expect(CardSettings.vault(hostKey: first) != nil)
  }

  @Test("one that others may read is refused, with what mends it")
  func open() async throws {
    let folder = try TemporaryFolder()
    let store = HostKeyStore(ControlNodeState(at: folder.path), of: "pi1", in: "home")
    _ = try await store.make()
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: store.path)
    let failure = #expect(throws: RunFailure.self) { try store.read() }
    #expect(failure?.next == "chmod 600 \(store.path)")
  }

  @Test("files are written whole, in order, and what is there already is left alone")
  func card() async throws {
    let folder = try TemporaryFolder()
    try folder.write("config.txt", "")
    try folder.write("issue.txt", "Raspberry Pi reference\n")
    try folder.write("cmdline.txt", "root=PARTUUID=1-02 rootwait\n")
    let directory = try BootDirectory(at: folder.path)
    let vault = SecretVault(["host key": Secret(Array("key\n".utf8))])
    let files = [
      CardFile(path: "firstrun.sh", content: Content([.text("a\n"), .secret(CardSettings.hostKey)])),
      CardFile(path: "cmdline.txt", content: Content("root=PARTUUID=1-02 rootwait more\n")),
    ]
    #expect(try directory.partition(nil).flavour == .raspberryPiOSFirstRun)
    #expect(try directory.write(files, with: vault) == ["firstrun.sh", "cmdline.txt"])
    #expect(try directory.write(files, with: vault).isEmpty)
    #expect(try String(contentsOfFile: folder.path + "/firstrun.sh", encoding: .utf8) == "a\nkey\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.contains("fleetd-new") })
  }

  @Test("this machine's own partition, and a directory that holds none, are refused")
  func refused() throws {
    #expect(throws: RunFailure.self) { try BootDirectory(at: "/boot") }
    let folder = try TemporaryFolder()
    #expect(throws: RunFailure.self) { try BootDirectory(at: folder.path).partition(.ubuntu) }
    #expect(throws: RunFailure.self) { try BootDirectory(at: folder.path + "/missing") }
  }
}
