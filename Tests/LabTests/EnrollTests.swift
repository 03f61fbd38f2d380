import Foundation
import Testing

@Suite("enrolling a node as Raspberry Pi OS ships it", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct EnrollTests {
  private static let files = "files: [{path: /etc/wanted, content: wanted}]"

  /// pi has a password and sudo with it; nobody has heard of fleetd.
  private func makePiOS(_ node: LabNode) async throws {
    try await node.run(
      """
      userdel -f -r fleet; rm -f /etc/sudoers.d/010_fleet*; useradd -m -s /bin/bash -G sudo pi
      echo 'pi:raspberry' | chpasswd
      printf 'PasswordAuthentication yes\\n' > /etc/ssh/sshd_config.d/00-pi.conf; systemctl reload ssh
      """)
  }

  private func enroll(
    _ fleet: TestFleet, _ node: LabNode, password: String = "raspberry", _ more: String...
  ) async throws -> Output {
    let words = [
      "lab/exec", "--", Lab.binary, "enroll", node.name, "--user", "pi", "--password-stdin", "--yes", "--repo",
      fleet.directory, "--config", fleet.directory + "/fleetd.yaml",
    ]
    return try await Lab.execute(
      ["sh", "-c", #"password=$1; shift; printf '%s\n' "$password" | "$@""#, "sh", password] + words + more)
  }

  @Test(
    "one login by password, and fleetd manages the node; a second run finds nothing to do", .timeLimit(.sharedNodes))
  func password() async throws {
    try await NodePool.lease { node in
      try await makePiOS(node)
      let fleet = try TestFleet([node], spec: Self.files)
      let first = try await enroll(fleet, node)
      #expect(first.status == 0, "\(first.text)\(first.errors)")
      #expect(!(first.text + first.errors).contains("raspberry"))
      #expect(try await node.run("stat -c %a /etc/sudoers.d/010_fleetd-nopasswd") == "440\n")
      #expect(try await node.run("stat -c '%a %U' /home/fleet/.ssh/authorized_keys") == "600 fleet\n")

      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(try await fleet.check().code == 0)

      let second = try await enroll(fleet, node)
      #expect(second.status == 0 && second.errors.contains("nothing to do"), "\(second.text)\(second.errors)")
      try await node.expectNoLeftovers()
    }
  }

  @Test("a wrong password changes nothing", .timeLimit(.sharedNodes))
  func wrongPassword() async throws {
    try await NodePool.lease { node in
      try await makePiOS(node)
      let fleet = try TestFleet([node], spec: Self.files)
      let output = try await enroll(fleet, node, password: "guess")
      #expect(output.status == 1, "\(output.text)\(output.errors)")
      #expect(output.errors.contains("password"), "\(output.errors)")
      #expect(try await !node.holds("getent passwd fleet"))
    }
  }

  @Test("sshd that lets only pi in is said before anything is changed", .timeLimit(.sharedNodes))
  func allowUsers() async throws {
    try await NodePool.lease { node in
      try await makePiOS(node)
      try await node.run("echo 'AllowUsers pi' > /etc/ssh/sshd_config.d/01-allow.conf; systemctl reload ssh")
      let fleet = try TestFleet([node], spec: Self.files)
      let output = try await enroll(fleet, node)
      #expect(output.status == 1, "\(output.text)\(output.errors)")
      #expect(output.text.contains("AllowUsers"), "\(output.text)\(output.errors)")
      #expect(try await !node.holds("getent passwd fleet"))
    }
  }

  @Test("what was made is taken back where the new login does not work", .timeLimit(.sharedNodes))
  func undo() async throws {
    try await NodePool.lease { node in
      try await makePiOS(node)
      // A later file wins: sudo asks fleet for a password that it does not have.
      try await node.run(
        "echo 'ALL ALL=(ALL) PASSWD: ALL' > /etc/sudoers.d/zz-strict; chmod 0440 /etc/sudoers.d/zz-strict")
      let fleet = try TestFleet([node], spec: Self.files)
      let output = try await enroll(fleet, node)
      #expect(output.status == 1, "\(output.text)\(output.errors)")
      #expect(output.errors.contains("taken back"), "\(output.errors)")
      #expect(try await !node.holds("getent passwd fleet || test -e /home/fleet"))
      #expect(try await !node.holds("test -e /etc/sudoers.d/010_fleetd-nopasswd || test -e /var/lib/fleetd/enrol"))
    }
  }
}
