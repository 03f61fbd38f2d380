import Testing

@testable import FleetModel

@Suite("doctor: what is printed")
struct DiagnosisTextTests {
  private static let failure = NodeFailure(
    .hostKeyChanged, "the host key has changed", next: "fleetd trust pi1 shows both", link: .hostKey)

  private func broken(_ failure: NodeFailure = failure) throws -> Diagnosis {
    let node = WayDiagnosis.of(
      try ModelFixture("").node(), from: WayObservation(addresses: ["192.0.2.1"], login: .failure(failure)))
    return Diagnosis(controlNode: [DiagnosisLine("configuration", .ok, "/etc/fleetd/fleetd.yaml")], nodes: [node])
  }

  @Test("a broken link stands with its reason and the way on; what lies behind it shares a line")
  func text() throws {
    let text = DiagnosisText(style: .plain, isWhole: false).render(try broken())
    #expect(
      text == """
        control node
          ok       configuration  /etc/fleetd/fleetd.yaml

        pi1  192.0.2.1
          ok       name          192.0.2.1
          ok       route         the machine answers
          ok       port          22: an SSH server answers
          ok       key exchange  both sides agree
          failed   host key      the host key has changed  [host-key-changed]
                   → fleetd trust pi1 shows both
          not reached  user key, shell, sudo, disk, clock, cgroups

        Doctor: nothing is broken on 0 of 1 node · pi1: host key

        """)
  }

  @Test("a sound node is one line, and whole when it was asked for")
  func folded() throws {
    let sound = try WayDiagnosisTests.diagnosis(try WayDiagnosisTests.login())
    let diagnosis = Diagnosis(controlNode: [], nodes: [sound])
    #expect(DiagnosisText(style: .plain, isWhole: false).render(diagnosis).contains("pi1  192.0.2.1  ok\n"))
    #expect(DiagnosisText(style: .plain, isWhole: true).render(diagnosis).contains("ok       cgroups"))
  }

  @Test("what a node says cannot act on a terminal")
  func hostile() throws {
    let failure = NodeFailure(.handshakeFailed, "it said \u{1B}[2J\u{9B}1m\u{202E}", link: .port)
    let diagnosis = try broken(failure)
    let text = DiagnosisText(style: .plain, isWhole: true).render(diagnosis) + JSONRenderer().render(diagnosis)
    #expect(!text.unicodeScalars.contains { ["\u{1B}", "\u{9B}", "\u{202E}"].contains($0) })
  }

  @Test("programs get every link by name, and the reason of what is broken")
  func json() throws {
    let json = JSONRenderer().render(try broken())
    #expect(json.contains(#""reason" : "host-key-changed""#))
    #expect(json.contains(#""state" : "not-reached""#))
    #expect(json.contains(#""exitCode" : 1"#))
  }
}
