import Foundation
import Testing

/// How often a board is rebuilt: `make test-machines` says 1, a measurement more.
private let rebuilds = Int(Lab.environment["FLEETD_REBUILDS"] ?? "") ?? 1

/// There is one board: its tests take turns.
@Suite(
  "an emulated board, from a blank card", .serialized,
  .enabled(if: Lab.hasMachines, "no boards: lab/up 2 --machine arm64 1"))
struct MachineTests {
  @Test("an agent: first boot by cloud-init, known by its key, one reboot, k3s, Ready; again after every new card")
  func agent() async throws {
    let board = try await MachineBoard.first()
    try await NodePool.lease { server in
      let cluster = try await TestCluster([server, board.node], servers: 1)
      try board.configure(cluster.fleet)
      // Prepared before the inventory asks for a boot line: as where somebody else did it.
      try cluster.fleet.write(spec: MachineBoard.packages)
      let card = try await board.card("bootfs", in: cluster.fleet)
      try await cluster.declareMachine()
      for round in 0...rebuilds {
        if round > 0 { try await cluster.order(board, "round \(round)") }
        try await cluster.rebuild(board, from: card)
      }
      try await cluster.expectReport(of: board)
    }
  }

  @Test("one of three servers: out of etcd and in again, after one reboot, and the second plan is empty")
  func server() async throws {
    let board = try await MachineBoard.first()
    try await NodePool.lease(2) { peers in
      let cluster = try await TestCluster(peers + [board.node], servers: 3)
      try board.configure(cluster.fleet)
      try cluster.fleet.write(spec: MachineBoard.packages)
      let without = try await board.card("without-boot-line", in: cluster.fleet)
      try await cluster.declareMachine(k3s: Self.patience)
      let with = try await board.card("with-boot-line", in: cluster.fleet)

      try await board.boot(from: with)
      #expect(try await board.node.holds(MachineBoard.memory))
      let founded = try await cluster.fleet.once()
      #expect(founded.code == 0, "\(founded.summary)")
      #expect(!founded.changes(of: board.node).contains { $0.hasPrefix("act reboot") }, "\(founded.summary)")
      let before = try await cluster.etcdMembers()
      #expect(before.count == 3, "\(before)")

      for round in 1...max(1, rebuilds) {
        try await cluster.order(board, "round \(round)")
        try await cluster.rebuild(board, from: without)
      }
      let after = try await cluster.etcdMembers()
      #expect(after.count == 3 && before.intersection(after).count == 2, "\(before), then \(after)")
      try await cluster.expectReport(of: board)
    }
  }

  /// What is emulated is late with its heartbeats: etcd has twice the time that k3s gives it. An API server takes minutes
  /// there to start where other things run beside the emulator.
  private static let patience = """
    startTimeout: 15m
    config: {server: {etcd-arg: [heartbeat-interval=1000, election-timeout=10000]}}
    """
}

extension TestCluster {
  /// Writes the inventory of a fleet with a board in it.
  fileprivate func declareMachine(k3s: String = "") async throws {
    let text = try await TestFleet.k3s(Self.version, k3s).replacingOccurrences(
      of: "datastore: sqlite", with: "datastore: etcd")
    let roles = servers.map { ($0.name, "role: server") } + agents.map { ($0.name, "role: agent") }
    try fleet.write(
      spec: MachineBoard.packages + "\n" + TestFleet.k3sBoot, fleet: text,
      node: Dictionary(uniqueKeysWithValues: roles))
  }

  fileprivate func order(_ board: MachineBoard, _ reason: String) async throws {
    let ordered = try await fleet.command("reprovision", board.node.name, "--yes", "--reason", reason)
    #expect(ordered.status == 0, "\(ordered)")
  }

  /// From a card without the boot line to a node that is Ready, and an empty plan.
  fileprivate func rebuild(_ board: MachineBoard, from card: String) async throws {
    try await board.boot(from: card)
    #expect(try await !board.node.holds(MachineBoard.memory))
    let before = try await board.bootID()

    let run = try await fleet.once()
    #expect(run.code == 0, "\(run.summary)")
    let reboots = run.changes(of: board.node).filter { $0.hasPrefix("act reboot") }
    #expect(reboots.count == 1, "\(run.changes(of: board.node))")
    #expect(try await board.node.holds(MachineBoard.memory))
    #expect(try await board.bootID() != before)
    try await expectAll(Self.version)
    #expect(try await node(board.node, ".status.nodeInfo.architecture") == "arm64")
    #expect(try await node(board.node, ".status.nodeInfo.machineID") == board.node.machineID())
    let again = try await fleet.check()
    #expect(again.code == 0, "\(again.summary)")
  }

  fileprivate func expectReport(of board: MachineBoard) async throws {
    try await board.node.expectNoLeftovers()
    let report = try await fleet.record("report", "reprovision", "--output", "markdown")
    #expect(report.status == 0 && report.text.contains("converged"), "\(report)")
    print(report.text)
  }

  /// The ids of etcd's members, each of which is a voter and answers.
  fileprivate func etcdMembers() async throws -> Set<String> {
    let etcdctl = """
      cd /var/lib/rancher/k3s/server/tls/etcd
      etcdctl() {
        /usr/lib/fleetlab/control-plane/etcdctl --endpoints https://127.0.0.1:2379 \
          --cacert server-ca.crt --cert client.crt --key client.key --command-timeout 30s "$@"
      }
      """
    let health = try await servers[0].run("\(etcdctl)\netcdctl endpoint health --cluster 2>&1")
    #expect(health.components(separatedBy: " is healthy").count == servers.count + 1, "\(health)")
    let list = try await servers[0].run("\(etcdctl)\netcdctl member list")
    let members = list.split(separator: "\n").map { $0.components(separatedBy: ", ") }
    #expect(members.allSatisfy { $0.contains("started") && $0.last == "false" }, "\(list)")
    return Set(members.compactMap(\.first))
  }
}
