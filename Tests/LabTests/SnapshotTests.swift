import Foundation
import Testing

@Suite("snapshots of etcd", .enabled(if: Lab.isExpected, "the lab is down: lab/up 4"))
struct SnapshotTests {
  private func snapshots(_ cluster: TestCluster) async throws -> [String] {
    let list = try await cluster.fleet.command("snapshot", "list")
    #expect(list.status == 0, "\(list.errors)")
    return list.text.split(separator: "\n").dropFirst().compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  private func configMaps(_ cluster: TestCluster) async throws -> [String] {
    try await cluster.kubectl("get configmap -o name").split(separator: "\n").map(String.init)
  }

  @Test(
    "one is taken, listed and put back over three servers; a run that is killed in the middle is gone on with",
    .timeLimit(.sharedNodes))
  func restore() async throws {
    try await NodePool.lease(4) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      try await cluster.kubectl("create configmap before")
      let saved = try await cluster.fleet.command("snapshot", "save")
      #expect(saved.status == 0, "\(saved.errors)")
      try await cluster.kubectl("create configmap after")
      let id = try #require(try await snapshots(cluster).first)
      #expect(saved.text.hasPrefix(id))

      let unasked = try await cluster.fleet.command("snapshot", "restore", id)
      #expect(unasked.status == 1 && unasked.errors.contains("add --yes"))
      #expect(try await configMaps(cluster).contains("configmap/after"))

      let last = cluster.servers[2].name
      for line in ["restore \(id)", "\(last): start k3s"] {
        let words = cluster.fleet.words(of: ["snapshot", "restore", id, "--yes"])
        #expect(try await cluster.fleet.killed(words, at: line), "\(line)")
        let once = try await cluster.fleet.once()
        #expect(once.code == 1 && once.output.errors.contains("servers are stopped on purpose"))
      }
      let goneOn = try await cluster.fleet.command("snapshot", "restore")
      #expect(goneOn.status == 0, "\(goneOn.errors)")
      #expect(try await configMaps(cluster) == ["configmap/before"])
      try await cluster.expectAll(TestCluster.version)
      for server in cluster.servers {
        #expect(try await server.attempt("k3s kubectl get --raw /readyz").text == "ok")
        #expect(try await server.holds("[ ! -e /var/lib/fleetd/restoring ] && [ ! -e /var/lib/fleetd/restored ]"))
      }
      let check = try await cluster.fleet.check()
      #expect(check.code == 0, "\(check.summary)")
    }
  }

  @Test(
    "the newest are kept here and on the server, and nothing of theirs can be read by others", .timeLimit(.sharedNodes))
  func retention() async throws {
    try await NodePool.lease { node in
      let cluster = try await TestCluster([node], servers: 1)
      #expect(try await cluster.fleet.once().code == 0)
      for _ in 0..<3 { #expect(try await cluster.fleet.command("snapshot", "save", "--keep", "2").status == 0) }
      #expect(try await snapshots(cluster).count == 2)
      let there = try await node.run("ls /var/lib/rancher/k3s/server/db/snapshots | grep -c ^fleetd-")
      #expect(there == "2\n")
      let open = try await Lab.execute(["find", "\(cluster.fleet.directory)/state/snapshots", "-perm", "/077"])
      #expect(open.text.isEmpty)
    }
  }
}
