import Testing

@testable import FleetModel

@Suite("every kind of the registry")
struct EveryKindTests {
  /// Each key of a node's `spec` that a kind has, in use.
  private static let spec = """
    aptSources: {own: {uris: ["file:/srv"], suites: [repo/], trusted: true}}, packages: {jq: present}, \
    updates: {security: auto}, time: {zone: Europe/Berlin, synchronisation: true, servers: [ntp.lan]}, \
    users: {alice: {groups: [video]}}, directories: [{path: /srv/d}], files: [{path: /srv/d/f, content: x}], \
    links: [{path: /srv/l, target: d}], mounts: [{path: /mnt/m, device: tmpfs, type: tmpfs}], \
    boot: {cmdline: {present: [quiet]}, config: {dtparam: [i2c_arm=on]}, cgroups: [cpu]}, modules: [overlay], \
    swap: {state: off}, sysctl: {vm.swappiness: 10}, journal: {storage: persistent}, watchdog: {timeout: 10s}, \
    services: {x: {state: stopped}}
    """

  /// Kinds that leave nothing of their own on a node: they look, or disturb, or are the node itself.
  private static let leavingNothing: Set<ResourceKind> = [Host.kind, Health.kind, Cgroups.kind, Reboot.kind]

  /// Kinds that a node without a role has not.
  private static let ofTheCluster: Set<ResourceKind> = [
    AirgapImages.kind, K3s.kind, NodeIdentity.kind, NodeObject.kind,
  ]

  @Test("is remembered on the node by what it declares, or leaves nothing there")
  func remembered() throws {
    let decoded = InventoryText.decode(
      InventoryText.fleet("{checkAccess: {keys: [\"\(CheckKeyFixture.line)\"]}}"), InventoryText.node(spec: Self.spec))
    let node = try #require(decoded.fleet?.nodes.first, "\(decoded.messages)")
    for kind in ResourceRegistry.kinds where !Self.ofTheCluster.contains(kind.kind) {
      let resource = try #require(
        node.resources.first { type(of: $0).kind == kind.kind }, "\(kind.kind): not used here")
      #expect(resource.declared.isEmpty == Self.leavingNothing.contains(kind.kind), "\(kind.kind)")
    }
  }

  @Test("is struck off by the names that its changes have where it says what shall be absent")
  func absent() throws {
    let spec = """
      boot: {cmdline: {absent: [quiet]}, config: {absent: [dtparam=audio=on]}}, packages: {jq: absent}, \
      users: {alice: {state: absent}}, aptSources: {own: {state: absent}}
      """
    let decoded = InventoryText.decode(InventoryText.fleet, InventoryText.node(spec: spec))
    let node = try #require(decoded.fleet?.nodes.first, "\(decoded.messages)")
    let absent = Dictionary(uniqueKeysWithValues: node.resources.map { (type(of: $0).kind, $0.declaredAbsent) })
    #expect(absent[Boot.kind] == ["quiet"] && absent[BootConfig.kind] == ["dtparam=audio=on"])
    #expect(absent[Packages.kind] == ["jq"] && absent[Users.kind] == ["alice"])
    #expect(absent[AptSources.kind] == ["/etc/apt/sources.list.d/own.sources", "/etc/apt/keyrings/own.asc"])
    #expect(node.resources.allSatisfy { $0.declared.isEmpty })
  }
}
