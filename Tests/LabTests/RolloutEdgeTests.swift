import Foundation
import Testing

@Suite("what a roll-out comes upon", .enabled(if: Lab.isExpected, "the lab is down: lab/up 8"))
struct RolloutEdgeTests {
  @Test(
    "a window that closes in mid roll-out: the turn under way is finished, the next does not begin",
    .timeLimit(.sharedNodes))
  func windowCloses() async throws {
    try await NodePool.lease(3) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      #expect(try await cluster.fleet.once().code == 0)
      let directory = cluster.fleet.directory
      let path = "\(directory)/fleetd.yaml"
      // The first node's turn lasts until the test says so.
      let hook = "touch \(directory)/begun; until [ -e \(directory)/go ]; do sleep 0.1; done"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try (text + "\n  hooks:\n    beforeNode: [{run: [sh, -c, '\(hook)'], timeout: 5m}]\n").write(
        toFile: path, atomically: true, encoding: .utf8)

      let window = Window(around: Date())
      try await cluster.declare(
        "rollout: {windows: [\(window.yaml)]}",
        node: Dictionary(uniqueKeysWithValues: cluster.agents.map { ($0.name, "k3s: {config: {v: 1}}") }))
      let before = try await cluster.agents[1].invocation(of: "k3s-agent")
      async let run = cluster.fleet.once()
      try await Lab.run("sh", "-c", "until [ -e \(directory)/begun ]; do sleep 0.1; done")
      try await Lab.run("sh", "-c", "until [ $(date +%s) -gt \(window.end + 1) ]; do sleep 0.2; done")
      try await Lab.run("touch", "\(directory)/go")
      let ended = try await run
      #expect(ended.result(of: cluster.agents[0])?.outcome == "converged", "\(ended.summary)")
      #expect(ended.result(of: cluster.agents[1])?.outcome == "held", "\(ended.summary)")
      #expect(try await cluster.agents[1].invocation(of: "k3s-agent") == before)
      let left = try await cluster.fleet.check()
      #expect(left.plan(of: cluster.agents[1])?.changes.contains { $0.held?.reason == "outside-window" } == true)
    }
  }

  @Test(
    "an agent whose Node object somebody deleted is restarted, and registers",
    .timeLimit(.sharedNodes))
  func missingNodeObject() async throws {
    try await NodePool.lease(2) { nodes in
      let cluster = try await TestCluster(nodes, servers: 1)
      let agent = cluster.agents[0]
      #expect(try await cluster.fleet.once().code == 0)
      try await cluster.kubectl("delete node \(agent.name)")
      // One that has just started may still be on its way: for two minutes nothing is said.
      let since = "$(systemctl show -P ActiveEnterTimestampMonotonic k3s-agent)"
      try await agent.await("[ $(($(cut -d. -f1 /proc/uptime) - \(since) / 1000000)) -gt 125 ]", seconds: 180)
      let check = try await cluster.fleet.check()
      #expect(check.changes(of: agent) == ["act k3s k3s-agent"], "\(check.summary)")
      let mended = try await cluster.fleet.once()
      #expect(mended.code == 0, "\(mended.summary)")
      #expect(try await cluster.kubelets()[agent.name] == "\(TestCluster.version) True")
    }
  }

  @Test(
    "a server that fleetd does not see, and that does its work, is not waited for in another's gate",
    .timeLimit(.sharedNodes))
  func unseenServer() async throws {
    try await NodePool.lease(3) { nodes in
      let cluster = try await TestCluster(nodes, servers: 3)
      #expect(try await cluster.fleet.once().code == 0)
      let unseen = cluster.servers[2]
      try await unseen.run("systemctl stop ssh.socket ssh.service")
      try await cluster.declare(
        node: Dictionary(
          uniqueKeysWithValues: cluster.servers.prefix(2).map { ($0.name, "k3s: {config: {v: 1}}") }))
      let run = try await cluster.fleet.once()
      for server in cluster.servers.prefix(2) {
        #expect(run.result(of: server)?.outcome == "converged", "\(run.summary)")
      }
      #expect(run.result(of: unseen)?.outcome == "not-observed", "\(run.summary)")
      try await cluster.expectAll(TestCluster.version)
    }
  }

  /// A window that holds a moment and ends within the next two minutes; windows are whole minutes.
  private struct Window {
    let yaml: String
    /// Seconds since 1970.
    let end: Int

    init(around now: Date) {
      let minute = Int(now.timeIntervalSince1970) / 60
      end = (minute + 2) * 60
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      func text(_ minutes: Int) -> String {
        let parts = calendar.dateComponents([.hour, .minute], from: Date(timeIntervalSince1970: Double(minutes) * 60))
        return String(format: "%02d:%02d", parts.hour ?? 0, parts.minute ?? 0)
      }
      yaml = "{from: \"\(text(minute - 10))\", to: \"\(text(minute + 2))\", timeZone: Etc/UTC}"
    }
  }
}
