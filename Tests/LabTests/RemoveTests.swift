import Foundation
import Testing

@Suite("fleetd remove", .enabled(if: Lab.isExpected, "the lab is down: lab/up 8"))
struct RemoveTests {
  /// Paths that any login, service manager or log moves on with, and everything below them.
  private static let moving = [
    "/run/motd.dynamic", "/run/systemd", "/run/user", "/var/log/journal", "/run/sudo", "/run/lock", "/run/log",
    "/var/lib/systemd", "/tmp", "/var/tmp",
  ]

  /// Directories whose times alone change: something came and went in them, or in one below: the nodes' file systems are
  /// overlays, which copy the directories above, too.
  private static let touched: Set = [
    "/run", "/etc", "/etc/systemd", "/usr", "/usr/local", "/etc/systemd/system",
    "/etc/systemd/system/multi-user.target.wants", "/usr/local/bin", "/var/lib",
    "/var/log",
  ]

  @Test("what joining brought is gone to the last file, and what is not k3s' is named", .timeLimit(.sharedNodes))
  func withoutResidue() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let (server, agent) = (cluster.servers[0], cluster.agents[0])
      let file = "files: [{path: /etc/motd.own, content: a}]"
      // What is no part of the cluster first, so that the snapshots differ by k3s alone.
      try cluster.fleet.write(spec: "\(TestFleet.k3sBoot)\n\(file)")
      #expect(try await cluster.fleet.once().code == 0)
      try await agent.run("rm -rf /var/lib/fleetd /run/fleetd")
      let before = try await NodeSnapshot.of(agent)
      try await cluster.declare(node: [agent.name: file])
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      try await agent.run(
        """
        mkdir -p /var/lib/kubelet/pods/a/volumes /run/k3s/containerd /var/lib/cni /var/log/pods/a
        mount -t tmpfs tmpfs /var/lib/kubelet/pods/a/volumes
        ip link add cni0 type bridge; ip link add flannel.1 type dummy || ip link add flannel.1 type bridge
        """)

      let removed = try await cluster.fleet.remove(agent.name)
      #expect(removed.status == 0, "\(removed.text)\(removed.errors)")
      #expect(removed.text.contains("file /etc/motd.own"))
      #expect(removed.text.contains("delete the document of \(agent.name)"))
      #expect(try await !server.holds("k3s kubectl get node \(agent.name)"))
      #expect(try await !server.holds("k3s kubectl -n kube-system get secret \(agent.name).node-password.k3s"))

      let changed = try await NodeSnapshot.of(agent).paths(differingFrom: before).filter { path in
        !Self.touched.contains(path) && !Self.moving.contains { path == $0 || path.hasPrefix($0 + "/") }
      }
      #expect(changed == [])
      #expect(try await agent.run("ip -o link show | grep -c -e cni0 -e flannel || true") == "0\n")
      #expect(try await agent.run("grep -c -e /run/k3s -e /var/lib/kubelet /proc/mounts || true") == "0\n")

      // A second run finds nothing to do in the cluster and says so by its steps; then it joins again as a new node.
      let again = try await cluster.fleet.remove(agent.name)
      #expect(again.status == 0, "\(again.errors)")
      let joined = try await cluster.fleet.once()
      #expect(joined.code == 0, "\(joined.summary)")
      try await cluster.expectAll(TestCluster.version)
    }
  }

  @Test(
    "a server leaves etcd and the API answers on; one of the two that stay may go, the last may not",
    .timeLimit(.sharedNodes))
  func servers() async throws {
    try await NodePool.lease(3) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      let (first, second, third) = (cluster.servers[0], cluster.servers[1], cluster.servers[2])
      let (removed, polls) = try await APIPoller.during(cluster) { try await cluster.fleet.remove(third.name) }
      #expect(removed.status == 0, "\(removed.text)\(removed.errors)")
      #expect(polls.failed == 0, "\(polls)")
      #expect(try await cluster.members(seenBy: first) == 2)
      #expect(try await third.holds("test ! -e /var/lib/rancher -a ! -e /etc/rancher -a ! -e /usr/local/bin/k3s"))

      let another = try await cluster.fleet.remove(second.name)
      #expect(another.status == 0, "\(another.text)\(another.errors)")
      #expect(try await cluster.members(seenBy: first) == 1)
      #expect(try await first.run("k3s kubectl get --raw /readyz") == "ok")

      let last = try await cluster.fleet.remove(first.name)
      #expect(last.status == 1 && last.text.contains("is the only server"), "\(last.text)")
      #expect(try await first.run("k3s kubectl get --raw /readyz") == "ok")
    }
  }

  @Test(
    "of a machine that is gone the cluster's side is cleared, and refused while one answers", .timeLimit(.sharedNodes))
  func unreachable() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let (server, agent) = (cluster.servers[0], cluster.agents[0])
      #expect(try await cluster.fleet.once().code == 0)
      let alive = try await cluster.fleet.remove(agent.name, "--unreachable")
      #expect(alive.status == 1 && alive.errors.contains("says Ready"), "\(alive.errors)")
      #expect(try await server.holds("k3s kubectl get node \(agent.name)"))

      try await Lab.run("lab/power", "off", agent.name)
      let away = try await cluster.fleet.remove(agent.name)
      #expect(away.status == 1 && away.text.contains("--unreachable"), "\(away.text)")
      let removed = try await cluster.fleet.remove(agent.name, "--unreachable")
      #expect(removed.status == 0, "\(removed.errors)")
      #expect(try await !server.holds("k3s kubectl get node \(agent.name)"))
      try await Lab.run("lab/power", "on", agent.name)
    }
  }
}
