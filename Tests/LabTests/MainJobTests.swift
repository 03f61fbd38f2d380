import Testing

@Suite("the main job", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct MainJobTests {
  /// Everything that this version keeps, on three nodes.
  private static let spec = """
    packages: {fleet-demo: {version: "1.*", hold: true}, dphys-swapfile: absent, jq: present}
    boot:
      cmdline: {present: [cgroup_memory=1, cgroup_enable=memory]}
      cgroups: [cpu, cpuset, memory, pids]
    sysctl: {net.ipv4.ip_forward: 1}
    files:
      - path: /etc/systemd/journald.conf.d/40-size.conf
        content: "[Journal]\\nSystemMaxUse=200M\\n"
        notify: systemd-journald
      - {path: /etc/fleet-secret, content: {secret: other}}
    services: {bluetooth: {enabled: false, state: stopped}}
    """

  @Test("three drifted nodes are repaired in one run, and a second finds nothing to do", .timeLimit(.sharedNodes))
  func converges() async throws {
    try await NodePool.lease(3) { nodes in
      let inventory = try await Lab.inventory()
      let k3s = """
        k3s:
          version: v1.33.4+k3s1
          source: {directory: \(inventory.k3sDirectory)}
          token: {secret: k3s-token}
          config: {server: {disable: [traefik]}}
        """
      let roles = Dictionary(
        uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0 == 0 ? "role: server" : "role: agent") })
      let fleet = try TestFleet(nodes, spec: Self.spec, fleet: k3s, node: roles)

      let before = try await fleet.check()
      #expect(before.code == 2, "\(before.summary)")

      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")

      let after = try await fleet.check()
      #expect(after.code == 0, "\(after.summary)")
      for (index, node) in nodes.enumerated() {
        #expect(try await node.holds("grep -q memory /sys/fs/cgroup/cgroup.controllers"))
        #expect(try await node.holds("systemctl is-active --quiet \(index == 0 ? "k3s" : "k3s-agent")"))
        #expect(try await node.holds("test $(stat -c %a /etc/fleet-secret) = 600"))
      }
    }
  }
}
