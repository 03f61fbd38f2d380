import Testing

@testable import FleetModel

@Suite("doctor: the way to a node, link by link")
struct WayDiagnosisTests {
  typealias Record = ModelFixture.Record

  static let spec = "boot: {cmdline: {present: [cgroup_enable=memory]}, cgroups: [cpu, memory]}"

  /// What a sound node answers to `WayProbe`, except for what a test says.
  static func login(
    way: [String: String] = [:], host: [String: String] = [:], missing: Set<String> = [],
    controllers: String = "cpu memory pids", cmdline: String = "root=/dev/mmcblk0p2 cgroup_enable=memory\n",
    sudo: NodeFailure? = nil
  ) throws -> WayObservation.Login {
    let wayRecords = ["shell": "/bin/bash", "missing": "", "root": "rw,noatime", "inodes": "100 200"]
      .merging(way) { $1 }.map { Record(key: $0.key, text: $0.value) }
    var fixture = ModelFixture(spec)
    fixture.host = host
    fixture.missing = missing
    let sections: [(kind: String, records: [Record])] = [
      ("host", fixture.hostSection), ("health", []), ("boot", [("file/1", cmdline)]),
      ("cgroups", [("type", "cgroup2fs"), ("controllers", controllers)]), ("way", wayRecords),
    ]
    let transcript = try ProbeTranscript(parsing: ModelFixture.answer(sections))
    return WayObservation.Login(
      server: "SSH-2.0-OpenSSH_9.2p1", hostKey: "ssh-ed25519 SHA256:abc", identity: "/etc/fleetd/id_ed25519",
      answer: NodeObservation(answer: .success(transcript), sent: ModelFixture.clock, received: ModelFixture.clock),
      sudo: sudo)
  }

  static func diagnosis(_ login: WayObservation.Login) throws -> NodeDiagnosis {
    WayDiagnosis.of(
      try ModelFixture(spec + ", arch: arm64").node(),
      from: WayObservation(addresses: ["192.0.2.1"], login: .success(login)))
  }

  @Test("a sound node is ok in every link, each with its evidence")
  func sound() throws {
    let diagnosis = try Self.diagnosis(try Self.login())
    #expect(diagnosis.isSound)
    #expect(diagnosis.lines.map(\.subject) == WayLink.allCases.map(\.rawValue))
    #expect(diagnosis.lines.allSatisfy { !$0.evidence.isEmpty })
    #expect(diagnosis.lines[4].evidence == "ssh-ed25519 SHA256:abc, in known_hosts")
    #expect(diagnosis.lines[5].evidence == "fleet with /etc/fleetd/id_ed25519")
  }

  @Test("links before the broken one held, those behind it were not reached", arguments: WayLink.allCases.prefix(6))
  func broken(_ link: WayLink) throws {
    let failure = NodeFailure(.connectionLost, "it broke", next: "mend it", link: link)
    let diagnosis = WayDiagnosis.of(
      try ModelFixture("").node(), from: WayObservation(addresses: [], login: .failure(failure)))
    let broken = try #require(WayLink.allCases.firstIndex(of: link))
    #expect(diagnosis.lines.prefix(broken).allSatisfy { $0.state == .ok })
    #expect(diagnosis.lines[broken].state == .failed)
    #expect(diagnosis.lines[broken].evidence == "it broke" && diagnosis.lines[broken].next == "mend it")
    #expect(diagnosis.lines.dropFirst(broken + 1).allSatisfy { $0.state == .notReached })
  }

  @Test("a refusing sudo hides neither disk nor clock")
  func sudo() throws {
    let refusal = NodeFailure(.sudoRefused, "sudo refuses fleet", next: "echo …")
    let diagnosis = try Self.diagnosis(try Self.login(way: ["root": "ro"], sudo: refusal))
    #expect(try state(.sudo, diagnosis) == .failed)
    #expect(try state(.disk, diagnosis) == .failed)
    #expect(try state(.clock, diagnosis) == .ok)
  }

  @Test("an account whose shell runs nothing: sudo and the machine were not reached")
  func shell() throws {
    let answer = NodeObservation(
      answer: .failure(NodeFailure(.probeFailed, "the shell ended")), sent: ModelFixture.clock,
      received: ModelFixture.clock)
    let login = WayObservation.Login(server: "SSH-2.0", hostKey: "k", identity: nil, answer: answer, sudo: nil)
    let diagnosis = try Self.diagnosis(login)
    #expect(try state(.userKey, diagnosis) == .ok)
    #expect(try state(.shell, diagnosis) == .failed)
    #expect(diagnosis.lines.suffix(4).allSatisfy { $0.state == .notReached })
  }

  struct Fault: Sendable, CustomStringConvertible {
    let description: String
    let link: WayLink
    let state: DiagnosisLine.State
    let evidence: String
    let login: @Sendable () throws -> WayObservation.Login
  }

  static let faults: [Fault] = [
    Fault(description: "a missing tool", link: .shell, state: .failed, evidence: "flock, stat") {
      try login(way: ["missing": "flock stat "])
    },
    Fault(description: "another architecture", link: .shell, state: .failed, evidence: "the node is armhf") {
      try login(host: ["architecture": "armhf"])
    },
    Fault(description: "a read-only root", link: .disk, state: .failed, evidence: "mounted read-only") {
      try login(way: ["root": "ro,relatime"])
    },
    Fault(description: "no inode", link: .disk, state: .failed, evidence: "no inode is free") {
      try login(way: ["inodes": "0 1000"])
    },
    Fault(description: "a full disk", link: .disk, state: .failed, evidence: "1 MiB are free") {
      try login(host: ["free": "256 4096"])
    },
    Fault(description: "a clock in 1970", link: .clock, state: .failed, evidence: "behind the control node's") {
      try login(host: ["clock": "12"])
    },
    Fault(description: "no time service", link: .clock, state: .warning, evidence: "no time service") {
      try login(host: ["synchronised": "no"])
    },
    Fault(description: "a controller that a reboot brings", link: .cgroups, state: .warning, evidence: "memory") {
      try login(host: ["cmdline": "cgroup_disable=memory"], controllers: "cpu", cmdline: "root=/dev/mmcblk0p2\n")
    },
    Fault(description: "a kernel that ignores it", link: .cgroups, state: .failed, evidence: "it ignores it") {
      try login(controllers: "cpu")
    },
  ]

  @Test("each fault of the machine is found, in the words of the plan", arguments: faults)
  func machine(_ fault: Fault) throws {
    let line = try line(fault.link, try Self.diagnosis(try fault.login()))
    #expect(line.state == fault.state, "\(line)")
    #expect(line.evidence.contains(fault.evidence), "\(line)")
    #expect(line.next?.isEmpty == false, "\(line)")
  }

  @Test("file systems that count no inodes are not out of them")
  func uncounted() throws {
    #expect(try state(.disk, try Self.diagnosis(try Self.login(way: ["inodes": "0 0"]))) == .ok)
  }

  @Test("1 wins over 3, and 3 over 0")
  func exitCodes() throws {
    func code(_ failures: NodeFailure...) throws -> ExitCode {
      let nodes = try failures.map { failure in
        WayDiagnosis.of(try ModelFixture("").node(), from: WayObservation(addresses: [], login: .failure(failure)))
      }
      return ExitCode(after: Diagnosis(controlNode: [], nodes: nodes))
    }
    let away = NodeFailure(.unreachable, "no route", link: .route)
    #expect(try code() == .inSync)
    #expect(try code(away) == .notAllObserved)
    #expect(try code(away, NodeFailure(.hostKeyChanged, "changed", link: .hostKey)) == .failed)
    let broken = DiagnosisLine("user keys", .failed, "others may read it")
    #expect(ExitCode(after: Diagnosis(controlNode: [broken], nodes: [])) == .failed)
  }

  private func line(_ link: WayLink, _ diagnosis: NodeDiagnosis) throws -> DiagnosisLine {
    try #require(diagnosis.lines.first { $0.subject == link.rawValue })
  }

  private func state(_ link: WayLink, _ diagnosis: NodeDiagnosis) throws -> DiagnosisLine.State {
    try line(link, diagnosis).state
  }
}
