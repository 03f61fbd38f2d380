import Testing

@Suite("three servers and three agents", .enabled(if: Lab.isExpected, "the lab is down: lab/up 8"))
struct HighAvailabilityTests {
  private static let deployment = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: web}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: front, namespace: web}
    spec:
      replicas: 3
      selector: {matchLabels: {app: front}}
      template:
        metadata: {labels: {app: front}}
        spec:
          containers:
            - {name: front, image: "registry.lan/front:1.0", resources: {requests: {cpu: 10m}, limits: {memory: 32Mi}}}
    ---
    apiVersion: policy/v1beta1
    kind: PodDisruptionBudget
    metadata: {name: front, namespace: web}
    spec: {minAvailable: 2, selector: {matchLabels: {app: front}}}

    """

  private static let extra = """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: old, namespace: web}
    data: {a: b}

    """

  @Test(
    "from blank cards to a cluster in one run; a minor upgrade that nobody notices; an object that leaves Git is pruned",
    .timeLimit(.sharedNodes))
  func life() async throws {
    try await NodePool.lease(6) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3, "manifests: {path: cluster}")
      try cluster.manifest("web.yaml", Self.deployment)
      try cluster.manifest("old.yaml", Self.extra)

      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      try await cluster.expectAll(TestCluster.version)
      let members = try await cluster.kubectl("get nodes -l node-role.kubernetes.io/etcd=true -o name")
      #expect(members.split(separator: "\n").count == 3)
      let again = try await cluster.fleet.check()
      #expect(again.code == 0, "\(again.summary)")

      // An operator's cordon stays through all of it.
      let kept = cluster.agents[2].name
      try await cluster.kubectl("cordon \(kept)")
      try await cluster.declare(version: TestCluster.nextMinor, "manifests: {path: cluster}")
      let (upgraded, polls) = try await APIPoller.during(cluster) { try await cluster.fleet.once() }
      #expect(upgraded.code == 0, "\(upgraded.summary)")
      #expect(polls.polls > 0 && polls.failed == 0, "\(polls)")
      var kubelets = try await cluster.kubelets()
      #expect(kubelets.removeValue(forKey: kept) == "\(TestCluster.nextMinor) True true")
      #expect(Set(kubelets.values) == ["\(TestCluster.nextMinor) True"])
      try await cluster.kubectl("uncordon \(kept)")

      try cluster.manifest("old.yaml", "")
      let check = try await cluster.fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      let pruned = try await cluster.fleet.once()
      #expect(pruned.code == 0, "\(pruned.summary)")
      #expect(try await cluster.kubectl("get configmap -n web old --ignore-not-found -o name") == "")
      #expect(try await cluster.fleet.check().code == 0)
      for node in nodes { try await node.expectNoLeftovers() }
    }
  }

  @Test("a re-imaged agent and a re-imaged server come back by themselves", .timeLimit(.sharedNodes))
  func reimaged() async throws {
    try await NodePool.lease(4) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      for node in [cluster.agents[0], cluster.servers[0]] {
        try await Lab.run("lab/reimage", "--keep-host-keys", node.name)
        try await Lab.run("lab/power", "on", node.name)
        // An old member leaves etcd only while the others are healthy: a busy machine is late with their heartbeats.
        try await cluster.servers[1].await(
          "test $(k3s kubectl get nodes \(cluster.servers[1].name) \(cluster.servers[2].name) | grep -cw Ready) = 2")
        let run = try await cluster.fleet.once()
        #expect(run.code == 0, "\(run.summary)")
        try await cluster.expectAll(TestCluster.version)
      }
      let members = try await cluster.kubectl("get nodes -l node-role.kubernetes.io/etcd=true -o name")
      #expect(members.split(separator: "\n").count == 3)
      #expect(try await cluster.fleet.check().code == 0)
    }
  }
}
