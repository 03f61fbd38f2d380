import Testing

@testable import FleetModel

/// The script as a node gets it, run on this machine.
@Suite("the probe of an adoption")
struct AdoptionProbeTests {
  @Test("is no wrong shell, and answers with every section that was asked for, to the end", arguments: Shell.all)
  func answers(shell: Shell) throws {
    #expect(try shell.complaint(about: AdoptionProbe.script) == nil)
    let outcome = try shell.run(AdoptionProbe.script, input: ProbeScript.input(AdoptionProbe.requests))
    #expect(outcome.status == 0, "\(outcome.error)")
    let transcript = try ProbeTranscript(parsing: outcome.output)
    for request in AdoptionProbe.requests {
      #expect(throws: Never.self) { try transcript.section(request.kind) }
    }
    let section = try transcript.section(AdoptionProbe.kind)
    #expect(section.text("accounts") != nil && section.text("mounts") != nil && section.text("zone") != nil)
    // Each path comes with what it is, and no content without its path.
    let files = section.records.map { $0.0 }
    let paths = Set(files.filter { $0.hasPrefix("path/") }.map { $0.dropFirst("path/".count) })
    #expect(files.filter { $0.hasPrefix("file/") }.allSatisfy { paths.contains($0.dropFirst("file/".count)) })
  }
}
