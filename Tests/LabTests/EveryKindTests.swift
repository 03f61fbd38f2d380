import Testing

/// One profile that uses all kinds that a node of the lab can have without k3s. Zones, a time service and the updates'
/// package are laid down, as the lab's images have none; what a container lacks (swap, a watchdog) stays in its files.
@Suite("every kind", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct EveryKindTests {
  private static let spec = """
    aptSources: {own: {uris: ["file:/srv"], suites: [repo/], trusted: true}}
    packages: {jq: present}
    updates: {security: auto}
    time: {zone: Europe/Berlin, synchronisation: true, servers: [192.0.2.1]}
    users: {alice: {groups: [video], comment: Alice}}
    directories: [{path: /opt/data, mode: "0750"}]
    files: [{path: /opt/data/motd, content: "hello\\n"}]
    links: [{path: /opt/current, target: data}]
    mounts: [{path: /mnt/ram, device: tmpfs, type: tmpfs, options: [size=8M]}]
    boot: {cmdline: {present: [panic=10]}, config: {dtparam: [i2c_arm=on], absent: [gpu_mem=8]}, cgroups: [cpu]}
    modules: [overlay]
    swap: {state: off}
    sysctl: {net.ipv4.ip_forward: 1}
    journal: {storage: persistent, maxUse: 100M}
    watchdog: {timeout: off, rebootTimeout: 2m}
    services: {bluetooth: {enabled: false, state: stopped}}
    """

  /// Per kind: what somebody does on the node, and the change by which the plan shows it.
  private static let drift: [(command: String, change: String)] = [
    ("echo '# mine' >> /etc/apt/sources.list.d/own.sources", "change aptsource /etc/apt/sources.list.d/own.sources"),
    ("dpkg --remove jq", "add package jq"),
    ("echo >> /etc/apt/apt.conf.d/52fleetd-updates", "change updates /etc/apt/apt.conf.d/52fleetd-updates"),
    ("systemctl disable -q apt-daily.timer", "change updates apt-daily.timer"),
    ("systemctl stop systemd-timesyncd", "act time systemd-timesyncd.service"),
    ("ln -sfn /usr/share/zoneinfo/Etc/UTC /etc/localtime", "change timezone zone"),
    ("usermod -c Mallory alice", "change user alice comment"),
    ("chmod 0700 /opt/data", "change directory /opt/data"),
    ("echo bye > /opt/data/motd", "change file /opt/data/motd"),
    ("ln -sfn elsewhere /opt/current", "change link /opt/current"),
    ("umount /mnt/ram", "act mount /mnt/ram"),
    ("sed -i 's/ panic=10//' /boot/firmware/cmdline.txt", "change boot cmdline"),
    ("echo gpu_mem=8 >> /boot/firmware/config.txt", "change bootconfig config.txt"),
    ("rm /etc/modules-load.d/fleetd.conf", "add module overlay"),
    ("echo '/swapfile none swap sw 0 0' >> /etc/fstab", "remove swap /etc/fstab"),
    ("sysctl -q net.ipv4.ip_forward=0", "change sysctl net.ipv4.ip_forward"),
    (
      "sed -i s/100M/1M/ /etc/systemd/journald.conf.d/60-fleetd.conf",
      "change journal /etc/systemd/journald.conf.d/60-fleetd.conf"
    ),
    ("rm /etc/systemd/system.conf.d/60-fleetd-watchdog.conf", "add watchdog "),
    ("systemctl start bluetooth", "act service bluetooth.service"),
  ]

  @Test("every kind: drift is shown and repaired", .timeLimit(.sharedNodes))
  func driftIsRepaired() async throws {
    try await NodePool.lease { node in
      try await node.layDownWhatTheLabLacks()
      let fleet = try TestFleet([node], spec: Self.spec)
      let first = try await fleet.once()
      #expect(first.code == 0, "\(first.summary)")
      let sync = try await fleet.check()
      #expect(sync.code == 0 && sync.changes(of: node) == [], "\(sync.summary)")

      for (command, _) in Self.drift { try await node.run(command) }
      let check = try await fleet.check()
      #expect(check.code == 2, "\(check.summary)")
      let shown = check.changes(of: node)
      for (command, change) in Self.drift {
        #expect(shown.contains { $0.hasPrefix(change) }, "\(command) is not shown: \(shown.joined(separator: ", "))")
      }
      let repaired = try await fleet.once()
      #expect(repaired.code == 0, "\(repaired.summary)")
      let second = try await fleet.check()
      #expect(second.code == 0 && second.changes(of: node) == [], "\(second.summary)")
      try await node.expectNoLeftovers()
    }
  }
}

extension LabNode {
  fileprivate func layDownWhatTheLabLacks() async throws {
    try await run(
      #"""
      set -e
      mkdir -p /usr/share/zoneinfo/Europe /usr/share/zoneinfo/Etc /srv/repo /root/p/DEBIAN; cd /root
      : > /usr/share/zoneinfo/Europe/Berlin; : > /usr/share/zoneinfo/Etc/UTC
      printf '[Service]\nExecStart=sleep infinity\n[Install]\nWantedBy=sysinit.target\n' \
        > /usr/lib/systemd/system/systemd-timesyncd.service
      systemctl daemon-reload
      : > /srv/repo/Packages
      printf '%s\n' 'Package: unattended-upgrades' 'Version: 2.9.1' 'Architecture: all' \
        'Maintainer: lab <lab@localhost>' 'Description: stand-in' > p/DEBIAN/control
      dpkg-deb --build p p.deb > /dev/null; dpkg -i p.deb > /dev/null
      """#)
  }
}
