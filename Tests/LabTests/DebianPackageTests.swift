import Testing

@Suite(
  "the Debian package", .enabled(if: DebianPackage.isExpected, "no FLEETD_PACKAGE: make deb; or the lab is down"))
struct DebianPackageTests {
  private static let sshKey = "  ssh: {identities: [{file: /etc/fleetd/id_ed25519}]}\n  interval: 5s"

  @Test(
    "installed it starts nothing, started it makes the fleet right, upgraded it goes on, purged it leaves nothing",
    .timeLimit(.sharedNodes))
  func wholeLife() async throws {
    try await NodePool.lease(2) { nodes in
      let control = nodes[0]
      let node = nodes[1]
      let package = try await DebianPackage.put(on: control)
      let before = try await Self.files(on: control)
      try await package.install(on: control)
      #expect(try await control.attempt("systemctl is-enabled fleetd").text == "disabled\n")
      #expect(try await control.attempt("systemctl is-active fleetd").text == "inactive\n")

      // The new owner's path: a checkout, a key, a mode, and the page of the fleet goes green.
      try await control.ownCheckout(of: node, content: "one")
      try await control.configureDaemon(Self.sshKey)
      try await control.run("sed -i 's/^  mode: observe/  mode: enforce/' /etc/fleetd/fleetd.yaml")
      try await control.run("systemctl enable --now fleetd 2>&1")
      try await control.awaitDaemon("\"state\": \"in-sync\"")
      #expect(try await node.run("cat /etc/fleet/app.conf") == "one\n")
      #expect(try await control.run("ps -o user= -p $(systemctl show -P MainPID fleetd)") == "fleetd\n")
      // What systemd itself says of the unit as it is installed: at most 1.5 is asked for.
      let exposure = try await control.run(
        "systemd-analyze security --no-pager --threshold=15 fleetd.service > /tmp/said && tail -n 1 /tmp/said")
      #expect(exposure.contains("OK"), "\(exposure)")
      // Root's files would be out of the daemon's reach.
      try await control.run("systemctl stop fleetd")
      let root = try await control.attempt("fleetd --once --yes")
      #expect(root.status == 1 && root.errors.contains("sudo -u fleetd"), "\(root)")
      try await control.run("systemctl start fleetd")

      let next = try await package.successor(on: control)
      let process = try await control.run("systemctl show -P MainPID fleetd")
      try await next.install(on: control)
      #expect(try await control.run("dpkg-query -W -f '${Version}' fleetd") == next.version)
      #expect(try await control.run("systemctl show -P MainPID fleetd") != process)
      #expect(try await control.run("grep -c enforce /etc/fleetd/fleetd.yaml") != "0\n")
      // Its history is still there, and it goes on with its work.
      #expect(try await control.run("sudo -u fleetd fleetd history").contains("pass"))
      try await control.ownCheckout(of: node, content: "two")
      try await node.await("grep -qx two /etc/fleet/app.conf")

      try await control.run("DEBIAN_FRONTEND=noninteractive apt-get remove -q -y fleetd 2>&1")
      #expect(try await control.attempt("systemctl is-active fleetd").text == "inactive\n")
      #expect(try await control.holds("test -s /var/lib/fleetd/fleetd.db && test -s /etc/fleetd/fleetd.yaml"))
      try await control.run(
        "rm /etc/fleetd/id_ed25519 && DEBIAN_FRONTEND=noninteractive apt-get purge -q -y fleetd 2>&1")
      #expect(try await Self.files(on: control) == before)
    }
  }

  @Test(
    "a secret that systemd loads is the daemon's to read, and a purge keeps what somebody else put into /etc/fleetd",
    .timeLimit(.sharedNodes))
  func credential() async throws {
    try await NodePool.lease(2) { nodes in
      let control = nodes[0]
      let node = nodes[1]
      try await DebianPackage.put(on: control).install(on: control)
      try await control.ownCheckout(of: node, content: "one")
      try await control.configureDaemon(Self.sshKey + "\n  secrets: {word: {credential: word}}")
      try await control.run(
        """
        set -e
        sed -i 's/content: "one.n"/content: {secret: word}, mode: "0600"/' /srv/fleet/inventory/fleet.yaml
        cd /srv/fleet && sudo -u fleetd git -c user.name=owner -c user.email=owner@localhost commit -qam secret
        sed -i 's/^  mode: observe/  mode: enforce/' /etc/fleetd/fleetd.yaml
        mkdir -p /etc/fleetd/credentials /etc/systemd/system/fleetd.service.d
        (umask 077; echo only-root-reads-me > /etc/fleetd/credentials/word)
        printf '[Service]\\nLoadCredential=word:/etc/fleetd/credentials/word\\n' \
          > /etc/systemd/system/fleetd.service.d/secrets.conf
        systemctl daemon-reload
        systemctl start fleetd
        """)
      try await node.await("grep -qx only-root-reads-me /etc/fleet/app.conf")
      #expect(try await control.attempt("journalctl -u fleetd | grep -c only-root-reads-me").text == "0\n")
      try await control.run("DEBIAN_FRONTEND=noninteractive apt-get purge -q -y fleetd 2>&1")
      #expect(try await control.run("cat /etc/fleetd/credentials/word") == "only-root-reads-me\n")
      #expect(try await !control.holds("test -e /var/lib/fleetd"))
    }
  }

  /// What the package or its daemon may have put onto a node; the account and what apt itself keeps do not count.
  private static func files(on node: LabNode) async throws -> String {
    try await node.run(
      """
      find / -xdev -name '*fleetd*' -not -path '/root/*' -not -path '/proc/*' -not -path '/var/cache/apt/*' | sort
      """)
  }
}
