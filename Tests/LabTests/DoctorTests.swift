import Foundation
import Testing

@Suite("doctor and trust on real nodes", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct DoctorTests {
  private struct Document: Decodable {
    struct Node: Decodable {
      let links: [Link]
    }
    struct Link: Decodable {
      let name: String
      let state: String
      let evidence: String
      let next: String?
    }
    let nodes: [Node]
  }

  private func doctor(_ fleet: TestFleet) async throws -> (code: Int32, broken: Document.Link?, output: Output) {
    let output = try await command(fleet, ["doctor", "--output", "json"])
    let document = try JSONDecoder().decode(Document.self, from: Data(output.text.utf8))
    return (output.status, document.nodes.first?.links.first { $0.state == "failed" }, output)
  }

  private func command(_ fleet: TestFleet, _ words: [String]) async throws -> Output {
    try await Lab.execute(
      ["lab/exec", "--", "env", "HOME=\(fleet.directory)/home", Lab.binary] + words
        + ["--repo", fleet.directory, "--config", fleet.directory + "/fleetd.yaml"])
  }

  /// What breaks the node, and which link doctor must find.
  static let faults: [(script: String, link: String, code: Int32)] = [
    ("systemctl stop ssh.socket ssh.service", "port", 3),
    (
      "echo 'KexAlgorithms diffie-hellman-group14-sha256' > /etc/ssh/sshd_config.d/00-x.conf; systemctl restart ssh",
      "key exchange", 1
    ),
    ("rm /etc/ssh/ssh_host_*; ssh-keygen -q -A; systemctl restart ssh", "host key", 1),
    ("rm /home/fleet/.ssh/authorized_keys", "user key", 1),
    ("usermod -s /usr/sbin/nologin fleet", "shell", 1),
    ("rm /etc/sudoers.d/010_fleet-nopasswd", "sudo", 1),
  ]

  @Test("each broken link is found, and changes nothing", .timeLimit(.sharedNodes), arguments: faults.indices)
  func fault(_ index: Int) async throws {
    let fault = Self.faults[index]
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: []")
      try await node.run(fault.script)
      let (code, broken, output) = try await doctor(fleet)
      #expect(broken?.name == fault.link, "\(output.text)\(output.errors)")
      #expect(broken?.next?.isEmpty == false, "\(output.text)")
      #expect(code == fault.code, "\(output.text)")
      #expect(try await !node.holds("test -e /run/fleetd"))
    }
  }

  @Test("a node without a fault is sound", .timeLimit(.sharedNodes))
  func sound() async throws {
    try await NodePool.lease { node in
      let (code, broken, output) = try await doctor(try TestFleet([node], spec: "files: []"))
      #expect(code == 0 && broken == nil, "\(output.text)\(output.errors)")
    }
  }

  @Test("trust asks nobody without a terminal; the fingerprint from the console does it", .timeLimit(.sharedNodes))
  func trust() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "files: []")
      let path = "\(fleet.directory)/inventory/fleet.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("hostKeys: [\"\(node.hostKey)\"]", with: "").write(
        toFile: path, atomically: true, encoding: .utf8)
      #expect(try await fleet.check().plan(of: node)?.failure?.next?.contains("fleetd trust \(node.name)") == true)

      let refused = try await command(fleet, ["trust", node.name])
      #expect(refused.status == 1 && refused.errors.contains("--fingerprint"), "\(refused.errors)")
      let wrong = try await command(fleet, ["trust", node.name, "--fingerprint", "SHA256:wrong"])
      #expect(wrong.status == 1, "\(wrong.errors)")
      let known = fleet.directory + "/home/.config/fleetd/known_hosts"
      #expect(!FileManager.default.fileExists(atPath: known))

      let line = try await node.run("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
      let fingerprint = String(try #require(line.split(separator: " ").dropFirst().first))
      let done = try await command(fleet, ["trust", node.name, "--fingerprint", fingerprint])
      #expect(done.status == 0, "\(done.errors)")
      #expect(try String(contentsOfFile: known, encoding: .utf8) == "\(node.address) \(node.hostKey)\n")
      #expect(try await doctor(fleet).code == 0)
    }
  }
}
