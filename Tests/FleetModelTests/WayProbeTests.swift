import Testing

@testable import FleetModel

@Suite("doctor: the script that runs on the node")
struct WayProbeTests {
  @Test("every shell runs it whole, and what it says can be read", arguments: Shell.all)
  func run(_ shell: Shell) throws {
    #expect(try shell.complaint(about: WayProbe.script) == nil)
    let outcome = try shell.run(WayProbe.script, input: WayProbe.input)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let transcript = try ProbeTranscript(parsing: outcome.output)
    #expect(Set(transcript.sections.keys) == ["host", "health", "boot", "cgroups", "way"])
    let facts = try WayFacts(try transcript.section(WayProbe.kind))
    #expect(facts.missing.isEmpty && !facts.isRootReadOnly)
  }

  @Test("what it asks is enough to judge every link of the machine", arguments: Shell.all)
  func enough(_ shell: Shell) throws {
    let transcript = try ProbeTranscript(parsing: try shell.run(WayProbe.script, input: WayProbe.input).output)
    let answer = NodeObservation(
      answer: .success(transcript), sent: ModelFixture.clock, received: ModelFixture.clock)
    let login = WayObservation.Login(server: "SSH-2.0", hostKey: "k", identity: nil, answer: answer, sudo: nil)
    #expect(try WayDiagnosisTests.diagnosis(login).lines.allSatisfy { $0.state != .notReached })
  }
}
