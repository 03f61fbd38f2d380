import Testing

@Suite("a check changes nothing", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct CheckChangesNothingTests {
  /// What any login leaves behind, `ssh NODE true` as well: paths, and everything below them.
  private static let tracesOfLogin = [
    "/run/motd.dynamic": "pam_motd(8) writes the message of the day anew",
    "/run/systemd":
      "logind(8) keeps sessions and users there, PID 1 the invocations of user@.service, journald streams",
    "/run/user": "logind mounts the account's runtime directory",
    "/var/log/journal": "sshd, sudo and logind say that somebody logged in",
  ]

  /// Directories whose time alone may change: they hold one of the above.
  private static let touchedDirectories: Set = ["/run"]

  /// Every kind, none of it satisfied; for packages also the search for candidates and apt's simulation.
  private static let spec = """
    host: {hostname: other-name}
    packages: {fleet-demo: {version: "1.*", hold: true}, dphys-swapfile: absent, jq: present, nfs-common: present}
    boot:
      cmdline: {present: [cgroup_memory=1, cgroup_enable=memory], absent: [quiet]}
      cgroups: [cpu, cpuset, memory, pids]
    sysctl: {net.ipv4.ip_forward: 1}
    files:
      - {path: /etc/fleet/new.conf, content: "new\\n", notify: systemd-journald}
      - {path: /etc/fleet-differs, content: "wanted\\n", mode: "0600", owner: fleet}
      - {path: /etc/fleet-secret, content: {secret: other}}
      - {path: /etc/fleet-old, state: absent}
      - {path: /etc/ssh/sshd_config.d/20-fleet.conf, content: "X11Forwarding no\\n", notify: ssh}
    services: {cron: {enabled: true, state: started}, systemd-timesyncd: {enabled: false, state: stopped}}
    """

  @Test("on a node where everything drifts, only what a login leaves differs afterwards", .timeLimit(.sharedNodes))
  func changesNothing() async throws {
    try await NodePool.lease { node in
      try await node.run(
        """
        apt-get -q -y install dphys-swapfile
        echo other > /etc/fleet-differs; echo other > /etc/fleet-secret; echo old > /etc/fleet-old
        """)
      let k3s = try await TestFleet.k3s("v1.33.4+k3s1")
      let fleet = try TestFleet([node], spec: Self.spec, fleet: k3s, node: TestFleet.roles([node]))

      let before = try await NodeSnapshot.of(node)
      let check = try await fleet.check()
      let after = try await NodeSnapshot.of(node)

      #expect(check.code == 2, "\(check.summary)")
      let kinds = Set(check.plan(of: node)?.changes.map(\.kind) ?? [])
      #expect(kinds.isSuperset(of: ["host", "package", "file", "boot", "sysctl", "service", "reboot", "k3s"]))
      #expect(before.count > 5000)
      let changed = after.paths(differingFrom: before).filter { path in
        !Self.touchedDirectories.contains(path)
          && !Self.tracesOfLogin.keys.contains { path == $0 || path.hasPrefix($0 + "/") }
      }
      #expect(changed == [])
    }
  }
}
