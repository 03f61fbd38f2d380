import Testing

@testable import FleetModel

@Suite("the inventory of what fleetd applied")
struct ObjectInventoryTests {
  private static let object = ObjectIdentity(parsing: "rbac.authorization.k8s.io/v1 ClusterRole system:x")

  @Test("an entry is found again, under a key that a ConfigMap takes")
  func entries() throws {
    let object = try #require(Self.object)
    let patch = ObjectInventory.patch(adding: [object], striking: [])
    let configMap = ObjectInventory.empty(of: "home").setting(["data"], to: patch["data"])
    let inventory = ObjectInventory(reading: configMap)
    #expect(inventory.fleet == "home" && inventory.contains(object) && inventory.entries.count == 1)
    #expect(ObjectInventory.key(of: object).allSatisfy { $0.isHexDigit })
    #expect(ObjectInventory.patch(adding: [], striking: [object]).compact.hasSuffix(":null}}"))
  }

  @Test("what does not say what it is, or stands under another's key, deletes nothing")
  func forged() throws {
    let object = try #require(Self.object)
    let data = JSONText.object([
      .init("aaaa", .string(object.description)), .init("b", .string("nonsense")), .init("c", .integer(1)),
    ])
    #expect(ObjectInventory(reading: ObjectInventory.empty(of: "home").setting(["data"], to: data)).entries.isEmpty)
  }

  @Test(
    "what would mean something else in an address of the API is no entry",
    arguments: [
      "v1 ConfigMap web/..", "v1 ConfigMap web/a?x", "v1 ConfigMap ../a", "../v1 ConfigMap web/a", "v1 a/e web/a",
      "v1 ConfigMap web/a%2f", "a/b/v1 ConfigMap web/a", "v1 ConfigMap web/a/b", "v1 ConfigMap", "v1  ConfigMap a",
    ])
  func hostile(_ text: String) { #expect(ObjectIdentity(parsing: text) == nil) }

  @Test("very many entries become several patches, none longer than a word may be")
  func chunks() throws {
    let objects = (0..<3000).map { index in
      ObjectIdentity(apiVersion: "v1", kind: "ConfigMap", namespace: "web", name: "name-\(index)")
    }
    let steps = ObjectSteps(
      fleet: "home", applied: [], noted: objects, deleted: [], gone: [], charts: [], answer: .init())
    guard case .onServer(_, let input, _)? = steps.steps.first?.action else { return #expect(Bool(false)) }
    let lines = (input.payload?.text ?? "").split(separator: "\n")
    #expect(lines.count > 2 && lines.allSatisfy { $0.utf8.count < 100_000 })
    #expect(lines.dropFirst().joined().ranges(of: "v1 ConfigMap web/name-").count == 3000)
  }
}
