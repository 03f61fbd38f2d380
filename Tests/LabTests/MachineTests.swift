import Foundation
import Testing

/// How often a board is rebuilt: `make test-machines` says 1, a measurement more.
private let rebuilds = Int(Lab.environment["FLEETD_REBUILDS"] ?? "") ?? 1

@Suite(
  "an emulated board, from a blank card", .serialized,
  .enabled(if: Lab.hasMachines, "no boards: lab/up 1 --machine arm64 1"))
struct MachineTests {
  private static let packages = "packages: {jq: present, open-iscsi: present, bluez: absent}"
  private static let memory = "grep -qw memory /sys/fs/cgroup/cgroup.controllers"

  @Test("first boot by cloud-init, known by its key, one reboot, k3s, Ready; again after every new card")
  func agent() async throws {
    let told = try await Lab.inventory()
    let machine = try #require(told.nodes.first { $0.isMachine })
    let agent = LabNode(
      name: machine.name, address: machine.address, hostKey: "", identityFile: machine.identityFile,
      architecture: machine.architecture)
    try await NodePool.lease { server in
      let cluster = try await TestCluster([server, agent], servers: 1)
      let fleet = cluster.fleet
      try fleet.configure(
        "ssh: {identities: [{file: \(agent.identityFile)}], knownHosts: \(fleet.directory)/known_hosts}",
        secrets: "k3s-token: {file: \(fleet.directory)/secret}")
      let boot = try await card(of: agent, in: fleet, from: try #require(told.machineBoot))
      let hostKey = try await hostKey(on: boot)
      try await declare(cluster)

      for round in 0...rebuilds {
        if round > 0 {
          let ordered = try await fleet.command("reprovision", agent.name, "--yes", "--reason", "round \(round)")
          #expect(ordered.status == 0, "\(ordered)")
        }
        try await Lab.run("lab/reimage", "--boot", boot, agent.name)
        try await Lab.run("lab/power", "on", agent.name)
        try await expectFirstBoot(of: agent, hostKey)
        let before = try await agent.run("cat /proc/sys/kernel/random/boot_id")

        let run = try await fleet.once()
        #expect(run.code == 0, "\(run.summary)")
        #expect(run.changes(of: agent).contains { $0.hasPrefix("act reboot") }, "\(run.changes(of: agent))")
        #expect(try await agent.holds(Self.memory))
        #expect(try await agent.run("cat /proc/sys/kernel/random/boot_id") != before)
        try await cluster.expectAll(TestCluster.version)
        #expect(try await cluster.node(agent, ".status.nodeInfo.architecture") == "arm64")
        #expect(try await cluster.node(agent, ".status.nodeInfo.machineID") == agent.machineID())
        let again = try await fleet.check()
        #expect(again.code == 0, "\(again.summary)")
      }
      try await agent.expectNoLeftovers()
      let report = try await fleet.record("report", "reprovision", "--output", "markdown")
      #expect(report.status == 0 && report.text.contains("converged"), "\(report)")
      print(report.text)
    }
  }

  /// A fresh card's boot partition, prepared before the inventory asks for a boot line: as where somebody else did it.
  private func card(of node: LabNode, in fleet: TestFleet, from fresh: String) async throws -> String {
    try fleet.write(spec: Self.packages)
    let boot = "\(fleet.directory)/bootfs"
    try await Lab.run("cp", "-R", fresh, boot)
    let written = try await fleet.command(
      "image", node.name, "--boot", boot, "--address", "\(node.address)/24", "--gateway", "10.77.0.1")
    try #require(written.status == 0 && written.errors.contains("rpios"), "\(written)")
    return boot
  }

  private func hostKey(on boot: String) async throws -> String {
    let text = try await Lab.run("sed", "-n", #"s/^ *ed25519_public: "\(.*\)"$/\1/p"#, "\(boot)/user-data").text
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func declare(_ cluster: TestCluster) async throws {
    let text = try await TestFleet.k3s(TestCluster.version).replacingOccurrences(
      of: "datastore: sqlite", with: "datastore: etcd")
    try cluster.fleet.write(
      spec: Self.packages + "\n" + TestFleet.k3sBoot, fleet: text, node: TestFleet.roles(cluster.nodes))
  }

  /// What the card's files made of the board, and what they did not: the controller is off, and the key off the card.
  private func expectFirstBoot(of node: LabNode, _ hostKey: String) async throws {
    try await node.run("cloud-init status --wait")
    let shown = try await node.run("cat /etc/ssh/ssh_host_ed25519_key.pub")
    #expect(shown.hasPrefix(hostKey), "\(shown)")
    #expect(
      try await node.holds(
        "! grep -qE '^ssh_keys:|PRIVATE KEY' /boot/firmware/user-data && test $(hostname) = \(node.name)"))
    #expect(try await !node.holds(Self.memory))
    let model = try await node.run("tr -d '\\0' < /proc/device-tree/model")
    #expect(model.hasPrefix("Raspberry Pi"), "\(model)")
  }
}
