import Testing

@testable import FleetModel

@Suite("a key that may only look, written into the inventory")
struct CheckKeyEditTests {
  private static let line = CheckKeyFixture.line
  private static let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJkJrQm9OiFMtSdVlnYUq7GnCm2cFn1pNoHTE0w9gNN other"

  private static func edit(_ text: String) throws -> CheckKeyEdit.Outcome {
    let node = InventoryFile(name: "inventory/node.yaml", bytes: Array(InventoryText.node().utf8))
    let fleet = InventoryFile(name: "inventory/fleet.yaml", bytes: Array(text.utf8))
    return try #require(CheckKeyEdit.adding(line, to: [fleet, node]))
  }

  private static let begin = "apiVersion: fleetd/v1\nkind: Fleet\nmetadata: {name: home}\n"

  @Test("it comes before the first entry, and leaves comments and order alone")
  func first() throws {
    let text = Self.begin + "spec:\n  # how\n  ssh: {user: pi} # so\n  mode: observe\n"
    guard case .edited(let file, let before, let after) = try Self.edit(text) else { throw Unexpected() }
    #expect(file.name == "inventory/fleet.yaml" && before == text && Array(after.utf8) == file.bytes)
    #expect(
      after == Self.begin
        + "spec:\n  # how\n  checkAccess:\n    keys:\n      - \"\(Self.line)\"\n  ssh: {user: pi} # so\n  mode: observe\n"
    )
  }

  @Test("it comes behind the last key, once")
  func second() throws {
    let text = Self.begin + "spec:\n  checkAccess:\n    keys:\n      - \"\(Self.other)\" # theirs\n  mode: observe\n"
    guard case .edited(_, _, let after) = try Self.edit(text) else { throw Unexpected() }
    #expect(after.contains("# theirs\n      - \"\(Self.line)\"\n  mode"))
    guard case .isThere = try Self.edit(after) else { throw Unexpected() }
  }

  @Test(
    "what is not written line by line is left to a person",
    arguments: ["spec: {mode: observe}\n", "spec:\n  checkAccess: {keys: [\"\(other)\"]}\n"])
  func flow(_ spec: String) throws {
    guard case .byHand(let file, let text) = try Self.edit(Self.begin + spec) else { throw Unexpected() }
    #expect(file == "inventory/fleet.yaml" && text.contains("- \"\(Self.line)\""))
  }

  private struct Unexpected: Error {}
}
