import Testing

@testable import FleetModel

/// What would lock fleetd out, or leave the machine without a way to start, is an error of the inventory: nothing is
/// connected to.
@Suite("refused before anything is touched")
struct LockOutRefusalTests {
  private func messages(_ spec: String) -> [String] {
    InventoryText.decode(InventoryText.fleet, InventoryText.node(spec: spec)).messages
  }

  @Test(
    "parameters that start something else than the system",
    arguments: [
      "root=/dev/sda1", "init=/bin/sh", "rdinit=/bin/sh", "single", "S", "1", "emergency", "-b", "rd.break", "--",
      "systemd.unit=rescue.target",
    ])
  func boot(_ parameter: String) {
    let found = messages("boot: {cmdline: {present: [\"\(parameter)\"]}}")
    #expect(found.count == 1 && found.first?.contains("boot.cmdline: \"\(parameter)\" would") == true)
  }

  @Test("other parameters pass", arguments: ["rootwait", "rootfstype=ext4", "systemd.unit=multi-user.target", "quiet"])
  func harmlessBoot(_ parameter: String) {
    #expect(messages("boot: {cmdline: {present: [\(parameter)]}}").isEmpty)
  }

  @Test(
    "to stop or disable ssh",
    arguments: [
      "ssh: {state: stopped}", "ssh.service: {enabled: false}", "sshd: {state: stopped}",
      "ssh.socket: {enabled: false}",
    ])
  func services(_ wish: String) {
    let found = messages("services: {\(wish)}")
    #expect(found.count == 1 && found.first?.contains("fleetd's way in") == true)
  }

  @Test("a home that is another name for something the kernel shows")
  func kernelHome() {
    let found = messages("users: {a: {home: /proc/1/cwd}}")
    #expect(found.count == 1 && found.first?.contains("is the kernel's") == true, "\(found)")
  }

  @Test(
    "passwords in fstab, which everybody can read",
    arguments: [
      "device: //nas/x, type: cifs, options: [password2=x]", "device: //nas/x, type: cifs, options: [username=u%x]",
      "device: mon, type: ceph, options: [secret=x]", "device: \"//u:x@nas/y\", type: cifs",
    ])
  func mountSecrets(_ mount: String) {
    let found = messages("mounts: [{path: /mnt/a, \(mount)}]")
    #expect(found.count == 1 && found.first?.contains("credentials=PATH") == true, "\(found)")
  }

  @Test("the socket may go where the service stays, and the service may be wanted")
  func socket() {
    #expect(messages("services: {ssh.socket: {enabled: false}, ssh: {enabled: true, state: started}}").isEmpty)
  }

  @Test(
    "to remove what the way in or the machine needs",
    arguments: [
      "/etc/sudoers", "/etc/sudoers.d/010_fleetd-nopasswd", "/etc/ssh/sshd_config", "/etc/ssh/ssh_host_ed25519_key",
      "/etc/passwd", "/etc/fstab", "/etc/pam.d/sudo", "/home/fleet/.ssh/authorized_keys", "/root/.ssh/authorized_keys",
    ])
  func removedFile(_ path: String) {
    let found = messages("files: [{path: \(path), state: absent}]")
    #expect(found.count == 1 && found.first?.contains("fleetd does not remove it") == true)
  }

  @Test(
    "to replace or mask ssh's unit, or to write into fleetd's own directories",
    arguments: [
      "/etc/systemd/system/ssh.service", "/etc/systemd/system/sshd.service", "/etc/systemd/system/ssh.socket",
      "/var/lib/fleetd/declared", "/run/fleetd/lock",
    ])
  func replacedFile(_ path: String) {
    #expect(messages("files: [{path: \(path), content: ''}]").count == 1)
  }

  @Test(
    "two kinds that claim one path",
    arguments: [
      ("/etc/hostname", "host", ""), (Updates.path, "updates", ", updates: {security: hold}"),
    ])
  func claims(_ path: String, _ kind: String, _ spec: String) {
    let found = messages("files: [{path: \(path), content: x}]\(spec)")
    #expect(found.count == 1 && found.first?.contains("claimed by") == true && found.first?.contains(kind) == true)
  }

  @Test(
    "by no kind: what is the kernel's, fleetd's own, or a second spelling of everything",
    arguments: [
      "/proc/1/root/etc/sudoers.d/z", "/proc/self/cwd/x", "/sys/power/state", "/dev/shm/x", "/var/lib/fleetd",
      "/var/lib/fleetd/guard", "/run/fleetd/x", "/var/run/fleetd",
    ])
  func reserved(_ path: String) {
    for spec in [
      "files: [{path: \(path), content: x}]", "files: [{path: \(path), state: absent}]",
      "directories: [{path: \(path)}]",
      "links: [{path: \(path), target: /x}]", "mounts: [{path: \(path), device: tmpfs, type: tmpfs}]",
    ] {
      #expect(messages(spec).count == 1, "\(spec)")
    }
  }

  @Test(
    "a link in place of what the machine or the way in hangs on, and the removal of one",
    arguments: [
      "/bin", "/sbin", "/lib", "/lib64", "/bin/sh", "/usr/bin/sudo", "/sbin/init", "/var/run", "/home",
      "/etc/systemd/system/default.target", "/etc/ssh/sshd_config.d/a.conf", "/etc/sudoers.d/a", "/etc/pam.d/sudo",
      "/etc/passwd", "/etc/ld.so.preload", "/home/fleet/.ssh", "/home/fleet/.ssh/authorized_keys",
    ])
  func link(_ path: String) {
    for wish in ["target: /nowhere", "state: absent"] {
      let found = messages("links: [{path: \(path), \(wish)}]")
      #expect(found.count == 1 && found.first?.contains("links \(path): ") == true, "\(found)")
    }
  }

  @Test("a name that keeps everybody out", arguments: ["/etc/nologin", "/run/nologin", "/var/run/nologin"])
  func noLogin(_ path: String) {
    #expect(messages("links: [{path: \(path), target: /dev/null}]").count == 1)
    #expect(messages("files: [{path: \(path), content: x}]").count == 1)
    #expect(messages("files: [{path: \(path), state: absent}]").isEmpty)
  }

  @Test(
    "links elsewhere pass",
    arguments: [
      "/usr/local/bin/kubectl", "/opt/app/current", "/etc/resolv.conf", "/etc/alternatives/editor", "/usr/share/x",
      "/etc/systemd/network/73-usb-net-by-mac.link", "/etc/systemd/system/multi-user.target.wants/a.service",
    ])
  func harmlessLink(_ path: String) {
    #expect(messages("links: [{path: \(path), target: /dev/null}]").isEmpty)
  }

  @Test("to mask ssh's unit by a link")
  func mask() {
    let found = messages("links: [{path: /etc/systemd/system/ssh.service, target: /dev/null}]")
    #expect(found.count == 1 && found.first?.contains("unit of fleetd's way in") == true)
  }

  @Test(
    "what ssh reads is tried by a new login with the restarted service, notified or not",
    arguments: [
      "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/50-a.conf", "/etc/systemd/system/ssh.service.d/a.conf",
    ])
  func triedByLogin(_ path: String) throws {
    let file = try #require(
      try ModelFixture("files: [{path: \(path), content: x}]").node().resource(of: Files.self)?.files.first)
    #expect(file.guardsAccess && file.notify == ["ssh.service"])
  }

  @Test("so are the keys that may log in")
  func authorizedKeys() throws {
    let spec = "files: [{path: /home/fleet/.ssh/authorized_keys, content: x}]"
    let file = try #require(try ModelFixture(spec).node().resource(of: Files.self)?.files.first)
    #expect(file.guardsAccess && file.notify == [])
  }

  @Test(
    "the kernel in use, by its own package or the one that brings it",
    arguments: [
      "linux-image-rpi-v8", "linux-image-6.12.25+rpt-rpi-v8",
    ])
  func kernel(_ name: String) throws {
    var fixture = ModelFixture("packages: {\(name): absent, jq: absent}")
    fixture.sections["package"] = [
      ("architecture", "arm64"), ("lists", "0"),
      ("dpkg", "\(name)\tarm64\t1\tinstall\tinstalled\tok\njq\tarm64\t1\tinstall\tinstalled\tok"),
    ]
    let plan = try fixture.plan()
    #expect(plan.changeSets.isEmpty && plan.findings.map(\.reason) == [.packageProtected])
    #expect(plan.findings.first?.message.contains(name) == true)
    // Another kernel may go.
    fixture.host = ["kernel": "6.12.25+rpt-rpi-2712"]
    #expect(try fixture.plan().changes.count == 2)
  }

  @Test("a fleet without a node is no error, and is not passed over in silence")
  func noNodes() throws {
    let fleet = try #require(InventoryText.decode(InventoryText.fleet).fleet)
    let plan = FleetPlanner(vault: SecretVault()).plan(
      fleet, observations: [:], revision: .unknown("x"), observedAt: 0)
    #expect(TextRenderer(style: .plain).render(plan).contains("note: no Node is declared"))
    #expect(MarkdownRenderer().render(plan).contains("no Node is declared"))
  }
}
