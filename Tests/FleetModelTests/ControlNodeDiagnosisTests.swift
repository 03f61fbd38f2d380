import Testing

@testable import FleetModel

@Suite("doctor: the control node's own side")
struct ControlNodeDiagnosisTests {
  private static func sound() -> ControlNodeObservation {
    var observation = ControlNodeObservation(configuration: .success("/etc/fleetd/fleetd.yaml"))
    observation.inventory = .success("fleet home, 3 nodes")
    observation.revision = .commit(String(repeating: "a", count: 40), isModified: false)
    observation.identities = .success([.init(name: "/etc/fleetd/id_ed25519", mode: 0o600)])
    observation.knownHosts = .success(.init(path: "/var/lib/fleetd/known_hosts", exists: true, unpinned: ["pi1"]))
    observation.secrets = ["sudo": nil]
    return observation
  }

  private func line(_ subject: String, _ observation: ControlNodeObservation) throws -> DiagnosisLine {
    try #require(ControlNodeDiagnosis.lines(of: observation).first { $0.subject == subject })
  }

  @Test("nothing wrong: every line is ok")
  func sound() {
    #expect(ControlNodeDiagnosis.lines(of: Self.sound()).allSatisfy { $0.state == .ok })
  }

  @Test("a private key that others can read fails, with the chmod that mends it")
  func openKey() throws {
    var observation = Self.sound()
    observation.identities = .success([.init(name: "/k", mode: 0o600), .init(name: "/l", mode: 0o640)])
    let line = try line("user keys", observation)
    #expect(line.state == .failed && line.next == "chmod 0600 /l")
  }

  @Test("nodes that pin no key need a known_hosts file; the next step names one")
  func knownHosts() throws {
    var observation = Self.sound()
    observation.knownHosts = .success(.init(path: "/k", exists: false, unpinned: ["pi1", "pi2"]))
    let line = try line("known hosts", observation)
    #expect(line.state == .warning && line.next == "fleetd trust pi1")
    observation.knownHosts = .success(.init(path: "/k", exists: false, unpinned: []))
    #expect(try self.line("known hosts", observation).state == .ok)
  }

  @Test("each secret that cannot be read has a line; those that can share one")
  func secrets() throws {
    var observation = Self.sound()
    observation.secrets = ["a": nil, "b": .init("b is empty"), "c": .init("others may read c", next: "chmod 0600 c")]
    let lines = ControlNodeDiagnosis.lines(of: observation)
    #expect(lines.filter { $0.subject == "secret" }.map(\.evidence) == ["b is empty", "others may read c"])
    #expect(try line("secrets", observation).evidence == "readable: a")
  }

  @Test("modified files and a missing commit are warnings", arguments: [true, false])
  func checkout(_ isCommit: Bool) throws {
    var observation = Self.sound()
    observation.revision = isCommit ? .commit("abcdef0123", isModified: true) : .unknown("git cannot be run")
    #expect(try line("checkout", observation).state == .warning)
  }

  @Test("a configuration that cannot be used leaves the rest unreached")
  func configuration() {
    let lines = ControlNodeDiagnosis.lines(of: ControlNodeObservation(configuration: .failure(.init("line 3"))))
    #expect(lines.first?.state == .failed)
    #expect(lines.dropFirst().allSatisfy { $0.state == .notReached })
  }
}
