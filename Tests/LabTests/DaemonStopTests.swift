import Foundation
import Testing

@Suite("the daemon's end, and its start, in bad moments", .enabled(if: Lab.isExpected, "the lab is down: lab/up 4"))
struct DaemonStopTests {
  private static func configuration(_ fleet: TestFleet) -> String {
    """
    ssh: {identities: [{file: \(fleet.nodes[0].identityFile)}]}
    mode: enforce
    interval: 5s
    checkout: {path: \(fleet.directory)}
    """
  }

  /// A cluster of a server and an agent that the daemon is about to upgrade by a minor version.
  private func upgrading(_ nodes: [LabNode]) async throws -> TestCluster {
    let cluster = try await TestCluster(nodes, servers: 1)
    let founded = try await cluster.fleet.once()
    #expect(founded.code == 0, "\(founded.summary)")
    try cluster.fleet.configure(
      Self.configuration(cluster.fleet), secrets: "k3s-token: {file: \(cluster.fleet.directory)/secret}")
    try await cluster.declare(version: TestCluster.nextMinor)
    try await cluster.fleet.commit()
    return cluster
  }

  private func awaitUpgraded(_ cluster: TestCluster) async throws {
    async let daemon = cluster.fleet.daemon()
    for node in cluster.nodes {
      try await cluster.servers[0].await(
        "k3s kubectl get node \(node.name) | grep -q '\(TestCluster.nextMinor)'", seconds: 180)
    }
    try await cluster.fleet.awaitCommand(
      ["status", "--output", "json"], #"! grep -qE '"state": "(drift|away|unknown|held|attention)"'"#)
    try await cluster.fleet.signal("TERM")
    #expect(try await daemon.status == 0)
    try await cluster.expectAll(TestCluster.nextMinor)
  }

  @Test(
    "told to stop in the middle of an upgrade, it finishes the step, leaves no cordon of its own, and ends",
    .timeLimit(.sharedNodes))
  func stopsInUpgrade() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await upgrading(nodes)
      async let daemon = cluster.fleet.daemon()
      // The server has had its turn: the agent is cordoned, and so in its own.
      try await cluster.servers[0].await(
        "k3s kubectl get node \(cluster.agents[0].name) -o jsonpath='{.spec.unschedulable}' | grep -q true",
        seconds: 180)
      try await cluster.fleet.signal("TERM")
      let ended = try await daemon
      #expect(ended.status == 0, "\(ended)")
      for node in nodes { #expect(try await cluster.node(node, ".spec.unschedulable") == "", "\(node.name)") }
      try await awaitUpgraded(cluster)
      for node in nodes { try await node.expectNoLeftovers() }
    }
  }

  @Test("told twice to stop, it ends at once, and the next start repairs", .timeLimit(.sharedNodes))
  func toldTwice() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {fleet-slow: present}")
      try fleet.configure(Self.configuration(fleet))
      try await fleet.commit()
      async let first = fleet.daemon()
      try await node.await("dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured")
      try await fleet.signal("TERM")
      try await fleet.signal("TERM")
      let ended = try await first
      #expect(ended.status == 130 && ended.errors.contains("told twice to stop"), "\(ended)")
      async let second = fleet.daemon()
      try await fleet.awaitStatus("\"state\": \"in-sync\"")
      #expect(try await node.version(of: "fleet-slow") == "1.0-1")
      try await fleet.signal("TERM")
      #expect(try await second.status == 0)
      try await node.expectNoLeftovers()
    }
  }

  @Test("30 of 30 nodes dead at the start: it answers at once, and says of each why", .timeLimit(.sharedNodes))
  func allDead() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/fleet/app.conf, content: a}]")
      // Addresses of the lab's network that nobody has, and of the loopback, which refuse.
      try fleet.writeDead((0..<30).map { $0 < 15 ? "10.77.0.\(100 + $0)" : "127.0.1.\($0)" })
      try fleet.configure(Self.configuration(fleet))
      try await fleet.commit()
      async let daemon = fleet.daemon()
      let status = try await fleet.awaitStatus("\"name\": \"dead29\"")
      #expect(status.components(separatedBy: "\"name\": \"dead").count == 31)
      try await fleet.awaitCommand(
        ["status", "--output", "json"], #"[ "$(grep -c '"state": "away"')" = 30 ]"#)
      try await fleet.signal("TERM")
      #expect(try await daemon.status == 0)
    }
  }

  @Test("SIGHUP says of a configuration that changed, or is wrong, and the daemon goes on", .timeLimit(.sharedNodes))
  func readsAgain() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: [{path: /etc/fleet/app.conf, content: a}]")
      try fleet.configure(Self.configuration(fleet))
      try await fleet.commit()
      async let daemon = fleet.daemon()
      try await fleet.awaitStatus("\"state\": \"in-sync\"")
      try fleet.configure(Self.configuration(fleet).replacingOccurrences(of: "interval: 5s", with: "interval: 6s"))
      try await fleet.signal("HUP")
      try await fleet.awaitStatus("\"state\": \"in-sync\"")
      try fleet.configure(Self.configuration(fleet) + "\nmoed: observe")
      try await fleet.signal("HUP")
      try fleet.configure(Self.configuration(fleet))
      try await fleet.awaitStatus("\"state\": \"in-sync\"")
      try await fleet.signal("TERM")
      let ended = try await daemon
      #expect(ended.status == 0, "\(ended)")
      #expect(ended.errors.contains("it counts from the next start on"), "\(ended.errors)")
    }
  }
}

extension TestFleet {
  /// An inventory of nodes at these addresses and no other.
  func writeDead(_ addresses: [String]) throws {
    var text = """
      apiVersion: fleetd/v1
      kind: Fleet
      metadata: {name: lab}
      spec: {}

      """
    for (number, address) in addresses.enumerated() {
      let port = 20_000 + number
      text += """
        ---
        apiVersion: fleetd/v1
        kind: Node
        metadata: {name: dead\(number)}
        spec: {address: \(address), hostKeys: ["\(nodes[0].hostKey)"], arch: amd64, ssh: {port: \(port)}}

        """
    }
    try text.write(toFile: "\(directory)/inventory/fleet.yaml", atomically: true, encoding: .utf8)
  }
}
