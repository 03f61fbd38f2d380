import Foundation
import Testing

@Suite("faults of a roll-out", .enabled(if: Lab.isExpected, "the lab is down: lab/up 8"))
struct ClusterFaultTests {
  @Test(
    "killed at its boundaries, an upgrade is gone on with by each next run, which ends every cordon",
    .timeLimit(.sharedNodes))
  func killed() async throws {
    try await NodePool.lease(4) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      try await cluster.declare(version: TestCluster.nextMinor)
      let (first, second, agent) = (cluster.servers[0].name, cluster.servers[1].name, cluster.agents[0].name)
      let boundaries = [
        "\(first): copy k3s", "\(first): see that etcd", "\(first): cordon", "\(first): drain", "\(first): install k3s",
        "\(first): start k3s", "\(second): drain", "\(second): install k3s", "\(second): await", "\(agent): cordon",
        "\(agent): drain", "\(agent): start k3s",
      ]
      var left = boundaries
      var kills = 0
      while !left.isEmpty {
        let shown = try await cluster.fleet.onceKilled(atFirstOf: left)
        guard !shown.isEmpty else { break }
        left.removeAll { shown.contains($0) }
        kills += 1
      }
      #expect(left.isEmpty && kills >= 8, "\(kills) kills, not reached: \(left)")
      let last = try await cluster.fleet.once()
      #expect(last.code == 0, "\(last.summary)")
      try await cluster.expectAll(TestCluster.nextMinor)
      let cordons = try await cluster.kubectl("get nodes -o yaml")
      #expect(!cordons.contains("fleetd/cordoned-by"))
      #expect(try await cluster.fleet.check().code == 0)
      for node in nodes { try await node.expectNoLeftovers() }
    }
  }

  @Test(
    "etcd's quorum lost in mid-upgrade: the roll-out stops before it hurts, and goes on when the member is back",
    .timeLimit(.sharedNodes))
  func quorum() async throws {
    try await NodePool.lease(3) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      let lost = cluster.servers[2]
      try await Lab.run("lab/power", "off", lost.name)
      try await cluster.servers[0].await("! k3s kubectl get node \(lost.name) | grep -qw Ready", seconds: 120)
      try await cluster.declare(version: TestCluster.nextMinor)
      let blocked = try await cluster.fleet.once()
      #expect(blocked.code == 1, "\(blocked.summary)")
      for server in cluster.servers.prefix(2) {
        #expect(blocked.plan(of: server)?.findings.map(\.reason) == ["quorum-at-risk"])
      }
      #expect(try await cluster.kubectl("get --raw /readyz") == "ok")
      try await Lab.run("lab/power", "on", lost.name)
      try await cluster.servers[0].await("k3s kubectl get node \(lost.name) | grep -qw Ready", seconds: 120)
      let upgraded = try await cluster.fleet.once()
      #expect(upgraded.code == 0, "\(upgraded.summary)")
      try await cluster.expectAll(TestCluster.nextMinor)

      // A blank server beside others that cannot be reached founds nothing.
      for server in cluster.servers.dropFirst() { try await Lab.run("lab/power", "off", server.name) }
      try await Lab.run("lab/reimage", "--keep-host-keys", cluster.servers[0].name)
      try await Lab.run("lab/power", "on", cluster.servers[0].name)
      let refused = try await cluster.fleet.once()
      #expect(refused.code == 1, "\(refused.summary)")
      #expect(refused.plan(of: cluster.servers[0])?.findings.map(\.reason).contains("founding-refused") == true)
      #expect(try await cluster.servers[0].holds("test ! -e /var/lib/rancher/k3s/server/db"))
    }
  }

  @Test(
    "etcd's quorum lost while a server is being upgraded: it stops there, says so, and the next run finishes",
    .timeLimit(.sharedNodes))
  func quorumInsideATurn() async throws {
    try await NodePool.lease(4) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      try await cluster.declare(version: TestCluster.nextMinor, k3s: "startTimeout: 40s")
      let (first, others) = (cluster.servers[0], cluster.servers.dropFirst())
      async let interrupted = cluster.fleet.once()
      try await first.await("k3s --version | grep -qF '\(TestCluster.nextMinor)'", seconds: 120)
      for server in others { try await Lab.run("lab/power", "off", server.name) }
      let stopped = try await interrupted
      #expect(stopped.code == 1, "\(stopped.summary)")
      let failure = try #require(stopped.result(of: first)?.failure, "\(stopped.summary)")
      #expect(["step-failed", "node-busy", "gate-failed", "api-unreachable"].contains(failure.reason), "\(failure)")
      #expect(failure.next?.isEmpty == false, "\(failure)")
      #expect(stopped.result(of: cluster.agents[0])?.outcome != "converged", "\(stopped.summary)")
      #expect(try await cluster.agents[0].run("k3s --version").contains(TestCluster.version))

      for server in others { try await Lab.run("lab/power", "on", server.name) }
      try await first.await("k3s kubectl get --raw /readyz", seconds: 180)
      let finished = try await cluster.fleet.once()
      #expect(finished.code == 0, "\(finished.summary)")
      try await cluster.expectAll(TestCluster.nextMinor)
      #expect(!(try await cluster.kubectl("get nodes -o yaml")).contains("fleetd/cordoned-by"))
      #expect(try await cluster.fleet.check().code == 0)
      for node in nodes { try await node.expectNoLeftovers() }
    }
  }

  @Test(
    "a release that dies, and one that never gets ready, stop at the first server; two fleetd do not roll out at once",
    .timeLimit(.sharedNodes))
  func badRelease() async throws {
    try await NodePool.lease(3) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")

      // Another control node's roll-out is on.
      try await cluster.kubectl(
        #"-n kube-system patch lease fleetd-rollout --type merge -p '{"spec":{"holderIdentity":"fleet/lab@other","#
          + #""renewTime":"'$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)'"}}'"#)
      try await cluster.declare(version: "v1.33.6+k3s1")
      let locked = try await cluster.fleet.once()
      #expect(locked.code == 1, "\(locked.summary)")
      #expect(locked.result(of: cluster.servers[0])?.failure?.reason == "rollout-locked")
      try await cluster.kubectl("-n kube-system delete lease fleetd-rollout")

      let dies = try await cluster.fleet.once()
      #expect(dies.code == 1, "\(dies.summary)")
      #expect(dies.result(of: cluster.servers[0])?.failure?.reason == "step-failed")
      #expect(dies.result(of: cluster.servers[1])?.failure?.reason == "rollout-stopped")
      #expect(try await cluster.kubectl("get --raw /readyz") == "ok")
      #expect(try await cluster.servers[1].run("k3s --version").contains(TestCluster.version))
      #expect(try await cluster.servers[0].holds("test -x /usr/local/bin/.k3s.fleetd-previous"))

      #expect(dies.result(of: cluster.servers[0])?.failure?.next?.contains(".k3s.fleetd-previous") == true)

      // The unit starts, and the Node never gets Ready.
      try await cluster.declare(version: "v1.33.10+k3s1", k3s: "startTimeout: 40s")
      let silent = try await cluster.fleet.once()
      #expect(silent.code == 1, "\(silent.summary)")
      #expect(silent.result(of: cluster.servers[0])?.failure?.reason == "gate-failed")
      #expect(silent.result(of: cluster.servers[0])?.failure?.message.contains("not Ready") == true)
      #expect(try await cluster.servers[1].run("k3s --version").contains(TestCluster.version))

      // The way forward is a newer release.
      try await cluster.declare(version: TestCluster.nextMinor)
      let repaired = try await cluster.fleet.once()
      #expect(repaired.code == 0, "\(repaired.summary)")
      try await cluster.expectAll(TestCluster.nextMinor)
    }
  }

  @Test(
    "a budget that never yields fails the drain and leaves the cordon's owner recorded; an agent that was away catches up",
    .timeLimit(.sharedNodes))
  func drain() async throws {
    try await NodePool.lease(3) { nodes in
      let settings = "rollout: {drain: {timeout: 20s}}"
      let cluster = try await TestCluster(nodes, servers: 1, settings)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      let (busy, away) = (cluster.agents[0], cluster.agents[1])
      let pod = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: one, namespace: default}
        spec:
          replicas: 1
          selector: {matchLabels: {app: one}}
          template:
            metadata: {labels: {app: one}}
            spec:
              nodeSelector: {kubernetes.io/hostname: \(busy.name)}
              containers: [{name: one, image: registry.lan/one:1.0}]
        ---
        apiVersion: policy/v1beta1
        kind: PodDisruptionBudget
        metadata: {name: one, namespace: default}
        spec: {minAvailable: 1, selector: {matchLabels: {app: one}}}
        """
      try await cluster.servers[0].run("cat <<'END' | k3s kubectl apply -f -\n\(pod)\nEND")
      try await cluster.servers[0].await(
        "k3s kubectl get pods -l app=one -o wide | grep -w Running | grep -qw \(busy.name)", seconds: 60)
      try await Lab.run("lab/power", "off", away.name)
      try await cluster.declare(version: TestCluster.nextMinor, settings)
      let stopped = try await cluster.fleet.once()
      #expect(stopped.code == 1, "\(stopped.summary)")
      #expect(stopped.result(of: busy)?.failure?.reason == "drain-failed")
      #expect(stopped.result(of: busy)?.failure?.message.contains("one") == true)
      let node = try await cluster.kubectl("get node \(busy.name) -o yaml")
      #expect(node.contains("fleetd/cordoned-by: fleet/lab") && node.contains("unschedulable: true"))
      #expect(try await busy.run("k3s --version").contains(TestCluster.version))

      // The API goes while pods are moved: the run says so, and the next one goes on.
      let patient = "rollout: {drain: {timeout: 120s}}"
      try await cluster.declare(version: TestCluster.nextMinor, patient)
      async let interrupted = cluster.fleet.once()
      try await cluster.servers[0].await(
        "k3s kubectl -n kube-system get lease fleetd-rollout -o yaml | grep -q 'holderIdentity: fleet/lab@'"
          + " && pgrep -f '[k]ubectl.* drain'", seconds: 60)
      try await cluster.servers[0].run("systemctl stop k3s")
      let lost = try await interrupted
      #expect(lost.code == 1, "\(lost.summary)")
      #expect(lost.result(of: busy)?.failure?.reason == "api-unreachable")
      try await cluster.servers[0].run("systemctl start k3s")

      try await cluster.declare(version: TestCluster.nextMinor, settings)
      try await cluster.kubectl("delete pdb one")
      let gone = try await cluster.fleet.once()
      #expect(gone.result(of: busy)?.outcome == "converged", "\(gone.summary)")
      #expect(gone.code == 3, "\(gone.summary)")
      try await Lab.run("lab/power", "on", away.name)
      let back = try await cluster.fleet.once()
      #expect(back.code == 0, "\(back.summary)")
      try await cluster.expectAll(TestCluster.nextMinor)

      // A sole server that needs a reboot: the API is down meanwhile, and that is said.
      try await cluster.servers[0].run("sed -i 's/ cgroup_enable=memory//' /boot/firmware/cmdline.txt")
      let before = try await cluster.servers[0].run("cat /proc/sys/kernel/random/boot_id")
      let rebooted = try await cluster.fleet.once()
      #expect(rebooted.code == 0, "\(rebooted.summary)")
      #expect(try await cluster.servers[0].run("cat /proc/sys/kernel/random/boot_id") != before)
      try await cluster.expectAll(TestCluster.nextMinor)
    }
  }
}
