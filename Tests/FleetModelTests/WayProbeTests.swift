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
    #expect(Set(transcript.sections.keys) == ["host", "boot", "cgroups", "way"])
    let facts = try WayFacts(try transcript.section(WayProbe.kind))
    #expect(facts.missing.isEmpty && !facts.isRootReadOnly)
  }
}
