import Foundation
import Testing

@Suite("fleetd reprovision", .enabled(if: Lab.isExpected, "the lab is down: lab/up 4"))
struct ReprovisionTests {
  private struct Report: Decodable {
    struct Rebuild: Decodable {
      struct Phase: Decodable {
        let phase: String
        let endedAt: String
      }

      let node: String
      let origin: String
      let outcome: String
      let state: String
      let phases: [Phase]
    }

    let rebuilds: [Rebuild]
  }

  private static let phases = ["reached", "baseline", "rebooted", "k3s installed", "joined", "Ready", "converged"]

  private func rebuild(_ fleet: TestFleet) async throws -> Report.Rebuild {
    let output = try await fleet.record("report", "reprovision", "--output", "json")
    let report = try JSONDecoder().decode(Report.self, from: Data(output.text.utf8))
    return try #require(report.rebuilds.first, "\(output.text)")
  }

  /// Every phase ended, in order, and those between which something long happens not at one time.
  private func expectWhole(_ rebuild: Report.Rebuild, of node: LabNode) {
    #expect(rebuild.node == node.name && rebuild.origin == "ordered")
    #expect(rebuild.outcome == "converged" && rebuild.state == "met")
    #expect(rebuild.phases.map(\.phase) == Self.phases)
    let ends = rebuild.phases.map(\.endedAt)
    #expect(ends == ends.sorted(), "\(ends)")
    #expect(Set(ends).count > 3, "all phases ended together: \(ends)")
  }

  private func order(_ node: LabNode, in fleet: TestFleet, _ arguments: String...) async throws -> Output {
    try await Lab.execute(fleet.words(of: ["reprovision", node.name] + arguments))
  }

  @Test(
    "an order empties the node and starts its clock; the new card goes through every phase, and no cordon is left",
    .timeLimit(.sharedNodes))
  func once() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let (server, agent) = (cluster.servers[0], cluster.agents[0])
      #expect(try await cluster.fleet.once().code == 0)

      let last = try await order(server, in: cluster.fleet, "--yes")
      #expect(last.status == 1 && last.text.contains("is the only server"), "\(last)")

      let shown = try await order(agent, in: cluster.fleet, "--check")
      #expect(shown.status == 0 && shown.text.contains("! drain"), "\(shown)")
      #expect(try await cluster.node(agent, ".spec.unschedulable") == "")

      let ordered = try await order(agent, in: cluster.fleet, "--yes", "--reason", "new card")
      #expect(ordered.status == 0 && ordered.text.contains("the clock of \(agent.name) runs"), "\(ordered)")
      #expect(try await cluster.node(agent, ".spec.unschedulable") == "true")
      // A pass in between takes the cordon for nobody's leftover.
      let between = try await cluster.fleet.once()
      #expect(between.code == 0, "\(between.summary)")
      #expect(try await cluster.node(agent, ".spec.unschedulable") == "true")

      let calledOff = try await order(agent, in: cluster.fleet, "--abandon")
      #expect(calledOff.status == 0, "\(calledOff)")
      #expect(try await cluster.node(agent, ".spec.unschedulable") == "")
      #expect(try await rebuild(cluster.fleet).outcome == "abandoned")

      #expect(try await order(agent, in: cluster.fleet, "--yes").status == 0)
      try await agent.reimage()
      let rebuilt = try await cluster.fleet.once()
      #expect(rebuilt.code == 0, "\(rebuilt.summary)")
      expectWhole(try await rebuild(cluster.fleet), of: agent)
      try await cluster.expectAll(TestCluster.version)
      #expect(try await cluster.fleet.check().code == 0)
      let history = try await cluster.fleet.record("history", agent.name)
      #expect(history.text.contains("new card"), "\(history.text)")
    }
  }

  @Test(
    "a drain that fails stops the order with its evidence; the cordon stays the order's, and the same order goes on",
    .timeLimit(.sharedNodes))
  func drain() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1, "rollout: {drain: {timeout: 20s}}")
      let agent = cluster.agents[0]
      #expect(try await cluster.fleet.once().code == 0)
      try await cluster.runPodThatStays(on: agent)

      let stopped = try await order(agent, in: cluster.fleet, "--yes")
      #expect(stopped.status == 1 && stopped.errors.contains("not all pods of \(agent.name)"), "\(stopped)")
      #expect(stopped.errors.contains("the order stands, and so does the cordon"), "\(stopped)")
      let history = try await cluster.fleet.record("history", agent.name)
      #expect(history.text.contains("drain \(agent.name): not all pods"), "\(history.text)")
      #expect(try await rebuild(cluster.fleet).outcome == "running")
      // No run takes the cordon for its own, and none ends the order.
      #expect(try await cluster.fleet.once().code == 0)
      let node = try await cluster.kubectl("get node \(agent.name) -o yaml")
      #expect(node.contains("fleetd/cordoned-by: fleet/lab/rebuild") && node.contains("unschedulable: true"), "\(node)")

      try await cluster.kubectl("delete pdb stays")
      let again = try await order(agent, in: cluster.fleet, "--yes")
      #expect(again.status == 0 && again.text.contains("runs already: its clock goes on"), "\(again)")
      #expect(try await cluster.kubectl("get pods -l app=stays -o wide").contains("Running") == false)
      #expect(try await order(agent, in: cluster.fleet, "--abandon").status == 0)
      #expect(try await cluster.node(agent, ".spec.unschedulable") == "")
    }
  }

  @Test("a rebuild under the daemon, killed in the middle: the clock goes on to the same end", .timeLimit(.sharedNodes))
  func daemon() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let fleet = cluster.fleet
      let agent = cluster.agents[0]
      try fleet.configure(
        """
        ssh: {identities: [{file: \(nodes[0].identityFile)}]}
        mode: enforce
        interval: 5s
        checkout: {path: \(fleet.directory)}
        """, secrets: "k3s-token: {file: \(fleet.directory)/secret}")
      try await fleet.commit()
      async let first = fleet.daemon()
      try await fleet.awaitStatus("\"state\": \"in-sync\"", "\"activity\": null")
      try await awaitSync(fleet)
      try await awaitOrder(agent, in: fleet)
      try await agent.reimage()
      // The node itself reboots meanwhile, and so cannot be asked.
      try await fleet.awaitReport(#""phase": "rebooted""#)
      try await fleet.signal("KILL")
      _ = try await first
      let begun = try await rebuild(fleet)
      #expect(begun.outcome == "running" && begun.phases.contains { $0.phase == "baseline" }, "\(begun)")

      async let second = fleet.daemon()
      try await fleet.awaitReport(#""outcome": "converged""#)
      // Events come a little later, by themselves.
      try await cluster.servers[0].await("k3s kubectl get events | grep -q RebuildFinished")
      try await fleet.signal("TERM")
      #expect(try await second.status == 0)
      let ended = try await rebuild(fleet)
      expectWhole(ended, of: agent)
      #expect(ended.phases.first?.endedAt == begun.phases.first?.endedAt)
      try await cluster.expectAll(TestCluster.version)
      #expect(try await fleet.check().code == 0)
      // What was done stands on the Node object, too.
      let events = try await cluster.kubectl(
        "get events --field-selector involvedObject.kind=Node,involvedObject.name=\(agent.name) -o json")
      for reason in ["Converged", "StartedK3s", "RebuildFinished"] {
        #expect(events.contains("\"reason\": \"\(reason)\""), "no Event \(reason): \(events)")
      }
    }
  }

  /// Both nodes are in sync: the text of the status holds no other state.
  private func awaitSync(_ fleet: TestFleet) async throws {
    try await fleet.awaitCommand(
      ["status", "--output", "json"], #"! grep -qE '"state": "(drift|away|unknown|held|attention)"'"#)
  }

  /// The daemon may be at work: then the order is refused until it is done.
  private func awaitOrder(_ node: LabNode, in fleet: TestFleet) async throws {
    try await fleet.awaitCommand(["reprovision", node.name, "--yes"], "grep -q 'the clock of'")
  }
}

extension TestCluster {
  /// A pod that may run on this node alone, and that a budget keeps from being moved.
  fileprivate func runPodThatStays(on node: LabNode) async throws {
    let pod = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: stays, namespace: default}
      spec:
        replicas: 1
        selector: {matchLabels: {app: stays}}
        template:
          metadata: {labels: {app: stays}}
          spec:
            nodeSelector: {kubernetes.io/hostname: \(node.name)}
            containers: [{name: one, image: registry.lan/one:1.0}]
      ---
      apiVersion: policy/v1beta1
      kind: PodDisruptionBudget
      metadata: {name: stays, namespace: default}
      spec: {minAvailable: 1, selector: {matchLabels: {app: stays}}}
      """
    try await servers[0].run("cat <<'END' | k3s kubectl apply -f -\n\(pod)\nEND")
    try await servers[0].await(
      "k3s kubectl get pods -l app=stays -o wide | grep -w Running | grep -qw \(node.name)", seconds: 60)
  }
}

extension TestFleet {
  /// Until what a command prints satisfies a filter: a command of the shell that reads it.
  func awaitCommand(_ command: [String], _ filter: String) async throws {
    let script = """
      tries=0
      while [ $tries -lt 600 ]; do
        said=$("$@" 2>&1)
        printf '%s' "$said" | { \(filter); } && exit 0
        tries=$((tries + 1)); sleep 0.3
      done
      printf %s "$said"; exit 1
      """
    let output = try await Lab.execute(["sh", "-c", script, "sh"] + words(of: command))
    try #require(output.status == 0, "\(command) never said what was awaited: \(output)")
  }

  /// Until `fleetd report reprovision` says a text of the newest rebuild.
  func awaitReport(_ text: String) async throws {
    let script = """
      tries=0
      while [ $tries -lt 600 ]; do
        said=$("$@" 2>&1)
        case $said in *'\(text)'*) exit 0 ;; esac
        tries=$((tries + 1)); sleep 0.3
      done
      printf %s "$said"; exit 1
      """
    let words = [
      "lab/exec", "--", Lab.binary, "report", "reprovision", "--limit", "1", "--output", "json", "--config",
      directory + "/fleetd.yaml",
    ]
    let output = try await Lab.execute(["sh", "-c", script, "sh"] + words)
    try #require(output.status == 0, "never said: \(text): \(output)")
  }
}
