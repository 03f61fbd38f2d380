import Foundation
import Testing

@Suite("the cluster's token", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct ClusterTokenTests {
  private func token(on node: LabNode) async throws -> String {
    try await node.run("cut -d: -f4 /var/lib/rancher/k3s/server/token")
  }

  @Test(
    "fleetd makes it, sees that it drifts, and rotates it: servers first, then agents; a killed rotation goes on",
    .timeLimit(.sharedNodes))
  func life() async throws {
    try await NodePool.lease(4) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      // Nobody names a secret.
      let path = "\(cluster.fleet.directory)/inventory/fleet.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacingOccurrences(of: "token: {secret: k3s-token}\n", with: "\n")
        .write(toFile: path, atomically: true, encoding: .utf8)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      let first = try await token(on: cluster.servers[0])
      #expect(first.count == 65)

      // By hand, which fleetd does not know of.
      try await cluster.servers[0].run(
        "k3s token rotate --token $(cat /var/lib/rancher/k3s/server/token) --new-token byhand")
      let drift = try await cluster.fleet.check()
      #expect(drift.code == 1, "\(drift.summary)")
      #expect(drift.document?.nodes?.allSatisfy { $0.findings.contains { $0.reason == "k3s-token-drift" } } == true)
      #expect(try await cluster.fleet.command("token", "adopt").status == 0)

      let killed = try await cluster.fleet.killed(
        cluster.fleet.words(of: ["token", "rotate", "--yes"]), at: "\(cluster.servers[1].name): start k3s")
      #expect(killed)
      let rotated = try await cluster.fleet.command("token", "rotate", "--yes")
      #expect(rotated.status == 0, "\(rotated.errors)")
      var tokens: Set<String> = []
      for server in cluster.servers { tokens.insert(try await token(on: server)) }
      #expect(tokens.count == 1)
      // A cordon that the killed run left is ended by the next pass.
      let once = try await cluster.fleet.once()
      #expect(once.code == 0, "\(once.summary)")
      try await cluster.expectAll(TestCluster.version)
      let check = try await cluster.fleet.check()
      #expect(check.code == 0, "\(check.summary)")
      // Each comes up with what it has now.
      for node in nodes { try await node.run("systemctl --no-block restart k3s k3s-agent 2> /dev/null || :") }
      try await nodes[0].await("k3s kubectl get nodes | grep -c ' Ready' | grep -qx 4", seconds: 120)
      let open = try await Lab.execute(["find", "\(cluster.fleet.directory)/state/tokens", "-name", "*.*"])
      #expect(open.text.isEmpty)
    }
  }

  @Test("kubectl reaches the cluster with what fleetd kubeconfig writes", .timeLimit(.sharedNodes))
  func kubeconfig() async throws {
    try await NodePool.lease { node in
      let cluster = try await TestCluster([node], servers: 1)
      #expect(try await cluster.fleet.once().code == 0)
      let file = "\(cluster.fleet.directory)/kubeconfig"
      #expect(try await cluster.fleet.command("kubeconfig", "-o", file).status == 0)
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.contains("https://\(node.address):6443") && text.contains("name: lab"))
      let again = try await cluster.fleet.command("kubeconfig", "-o", file)
      #expect(again.status == 1 && again.errors.contains("add --yes"))
      #expect(try await cluster.fleet.command("kubeconfig", "-o", file, "--yes").status == 0)
      try await node.run(
        "cat > /root/kubeconfig <<'END'\n\(text)\nEND\nk3s kubectl --kubeconfig /root/kubeconfig get nodes")
    }
  }
}
