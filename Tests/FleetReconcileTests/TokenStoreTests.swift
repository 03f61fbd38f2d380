import FleetApply
import Foundation
import Testing

@testable import FleetModel
@testable import FleetReconcile

@Suite("the token that a control node keeps")
struct TokenStoreTests {
  private let folder: URL
  private let store: TokenStore

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fleetd-tokens-\(UUID().uuidString)")
    store = TokenStore(ControlNodeState(at: folder.path), of: "home")
  }

  private func text(_ secret: Secret?) -> String? {
    secret.map { $0.withBytes { String(decoding: $0, as: UTF8.self) } }
  }

  private func fleet(token: String = "") throws -> Fleet {
    let k3s = "k3s: {version: v1.33.4+k3s1, source: {directory: /srv/k3s}\(token)}"
    let text = """
      apiVersion: fleetd/v1
      kind: Fleet
      metadata: {name: home}
      spec: {\(k3s)}
      ---
      apiVersion: fleetd/v1
      kind: Node
      metadata: {name: pi1}
      spec: {address: 192.0.2.1, role: server}

      """
    let (fleet, diagnostics) = FleetDecoder.decode([InventoryFile(name: "fleet.yaml", bytes: Array(text.utf8))])
    #expect(diagnostics.isEmpty)
    return try #require(fleet)
  }

  @Test("each place is a file of its own, for its owner alone")
  func places() throws {
    #expect(try store.token(.current) == nil && store.rotatingTo == nil)
    for place in TokenStore.Place.allCases { try store.keep(Secret(Array("\(place)".utf8)), as: place) }
    for place in TokenStore.Place.allCases {
      #expect(text(try store.token(place)) == "\(place)")
      let attributes = try FileManager.default.attributesOfItem(atPath: store.path(of: place))
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
    try store.remove(.next)
    #expect(try store.token(.next) == nil && text(try store.token(.current)) == "current")
    try store.setRotating(to: "digest")
    #expect(store.rotatingTo == "digest")
    try store.setRotating(to: nil)
    #expect(store.rotatingTo == nil)
    try FileManager.default.removeItem(at: folder)
  }

  @Test("a file that others can read is refused, with what mends it")
  func readable() throws {
    try store.keep(Secret(Array("a".utf8)), as: .current)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: store.path(of: .current))
    let failure = #expect(throws: RunFailure.self) { try store.token(.current) }
    #expect(failure?.next?.hasPrefix("chmod 0600") == true)
    try FileManager.default.removeItem(at: folder)
  }

  @Test("where none is named and none is kept, one is made, and a check leaves no file")
  func made() throws {
    let token = try ClusterToken(of: fleet(), SecretVault(), store)
    let made = try #require(text(token.vault[K3sToken.own]))
    #expect(made.count == 64 && made.allSatisfy { $0.isHexDigit })
    #expect(text(token.unkept) == made)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    #expect(text(try ClusterToken(of: fleet(), SecretVault(), store).unkept) != made)
  }

  @Test("one that is kept is the cluster's, whoever runs")
  func kept() throws {
    try store.keep(Secret(Array("kept".utf8)), as: .current)
    let token = try ClusterToken(of: fleet(), SecretVault(), store)
    #expect(text(token.vault[K3sToken.own]) == "kept" && token.unkept == nil)
    try FileManager.default.removeItem(at: folder)
  }

  @Test("a named secret counts, by its password alone")
  func named() throws {
    try store.keep(Secret(Array("kept".utf8)), as: .current)
    let secure = "K10\(String(repeating: "a", count: 64))::server:pass"
    let vault = SecretVault(["t": Secret(Array(secure.utf8))])
    let token = try ClusterToken(of: fleet(token: ", token: {secret: t}"), vault, store)
    #expect(text(token.vault[SecretReference("t")]) == "pass" && token.unkept == nil)
    try FileManager.default.removeItem(at: folder)
  }

  @Test("a rotation that was interrupted goes on with the token that it began with")
  func rotation() throws {
    let first = text(try TokenRotator.next(in: store))
    #expect(text(try TokenRotator.next(in: store)) == first)
    // The cluster was told, and the new one has become the current one.
    try store.keep(Secret(Array((first ?? "").utf8)), as: .current)
    try store.setRotating(to: "digest")
    #expect(text(try TokenRotator.next(in: store)) == first)
    try store.remove(.next)
    #expect(text(try TokenRotator.next(in: store)) == first)
    try store.setRotating(to: nil)
    #expect(text(try TokenRotator.next(in: store)) != first)
    try FileManager.default.removeItem(at: folder)
  }
}

@Suite("a restore that is under way")
struct RestoreJournalTests {
  @Test("is remembered until it is over, and keeps a pass from starting servers")
  func journal() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fleetd-restores-\(UUID().uuidString)")
    let state = ControlNodeState(at: folder.path)
    try RestoreJournal.requireNone(of: "home", in: state)
    var journal = RestoreJournal(snapshot: "id", first: "pi1", without: ["pi2"])
    try journal.write(of: "home", in: state)
    #expect(try RestoreJournal.current(of: "home", in: state) == journal)
    #expect(throws: RunFailure.self) { try RestoreJournal.requireNone(of: "home", in: state) }
    try RestoreJournal.requireNone(of: "work", in: state)
    journal.isFinishing = true
    try journal.write(of: "home", in: state)
    #expect(try RestoreJournal.current(of: "home", in: state)?.isFinishing == true)
    try RestoreJournal.remove(of: "home", in: state)
    try RestoreJournal.requireNone(of: "home", in: state)
    try FileManager.default.removeItem(at: folder)
  }
}
