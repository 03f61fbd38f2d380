import FleetModel
import Testing

@Suite("modes in the inventory")
struct ModeTests {
  @Test(
    "the node's word counts before its profile's, the profile's before the Fleet's; without any it is the control node's"
  )
  func layers() throws {
    func fleet(_ fleet: String, _ profile: String, _ node: String) throws -> Fleet {
      let text = """
        apiVersion: fleetd/v1
        kind: Fleet
        metadata: {name: home}
        spec: {profiles: [base]\(fleet)}
        ---
        apiVersion: fleetd/v1
        kind: Profile
        metadata: {name: base}
        spec: {\(profile)}
        ---
        apiVersion: fleetd/v1
        kind: Node
        metadata: {name: pi1}
        spec: {address: 10.0.0.1\(node)}

        """
      let (decoded, diagnostics) = FleetDecoder.decode([
        InventoryFile(name: "inventory/a.yaml", bytes: Array(text.utf8))
      ])
      return try #require(decoded, "\(diagnostics.all)")
    }
    #expect(try fleet("", "", "").node(named: "pi1")?.mode == .enforce)
    #expect(try fleet(", mode: observe", "", "").node(named: "pi1")?.mode == .observe)
    #expect(try fleet(", mode: observe", "", "").mode == .observe)
    #expect(try fleet(", mode: observe", "mode: enforce", "").node(named: "pi1")?.mode == .enforce)
    #expect(try fleet("", "mode: enforce", ", mode: observe").node(named: "pi1")?.mode == .observe)
  }
}
