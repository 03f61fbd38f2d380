import Foundation
import Testing

@testable import FleetModel

/// The scripts by the shells themselves, and the probe against this machine's own dpkg: it only reads.
@Suite(
  "the scripts for packages",
  .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg-query"), "needs Debian's dpkg")
)
struct PackagesScriptTests {
  @Test("are accepted by every POSIX shell", arguments: ["/bin/sh", "/bin/bash"])
  func syntax(_ shell: String) throws {
    for script in [ProbeScript.text([Packages.probe]), StepPrelude.text(for: .apt)] {
      let (status, output) = try run(shell, ["-n", "-c", script], input: [])
      #expect(status == 0, "\(output)")
    }
  }

  @Test("tell what dpkg knows, and ask apt nothing when every wish is fulfilled", arguments: ["/bin/sh", "/bin/bash"])
  func fulfilled(_ shell: String) throws {
    let section = try probe(
      shell,
      [("dpkg", "[0-9]*", "present"), ("dash", "*", "present"), ("no-such-x", "*", "absent")]
    )
    let observed = try Packages.parse(section)
    #expect(observed.packages["dpkg"]?.state == .installed)
    #expect(observed.packages["dash"]?.version.isEmpty == false)
    #expect(observed.packages["no-such-x"] == nil)
    #expect(observed.offers.isEmpty)
    #expect(section.bytes("simulation") == nil)
  }

  @Test("simulate what is not as it should be, without doing it", arguments: ["/bin/sh", "/bin/bash"])
  func unfulfilled(_ shell: String) throws {
    let observed = try Packages.parse(try probe(shell, [("dash", "*", "absent"), ("no-such-x", "*", "present")]))
    let simulation = try #require(observed.simulation)
    #expect(simulation.removals.contains("dash") || simulation.exitStatus != 0)
    #expect(observed.offers["no-such-x"] == nil)
    let afterwards = try Packages.parse(try probe(shell, [("dash", "*", "present")]))
    #expect(afterwards.packages["dash"]?.state == .installed)
  }

  @Test("run nothing that a parameter holds")
  func hostile() throws {
    let marker = FileManager.default.temporaryDirectory.appending(path: "fleetd-\(UUID().uuidString)").path
    for text in ["$(touch \(marker))", "`touch \(marker)`", "*) touch \(marker);; *", "\"; touch \(marker); \""] {
      let section = try probe("/bin/sh", [("dpkg", text, "present")])
      #expect(try Packages.parse(section).packages["dpkg"]?.state == .installed)
    }
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test("do not take an input that ends early for an empty one")
  func truncatedInput() throws {
    let input = Array("section package 3\namd64\ndpkg\t*\tpresent\n".utf8)
    let (status, output) = try run("/bin/sh", ["-c", ProbeScript.text([Packages.probe])], input: input)
    #expect(status == 70)
    #expect(throws: ProbeError.self) { try ProbeTranscript(parsing: output) }
  }

  private func probe(_ shell: String, _ wishes: [(String, String, String)]) throws -> ProbeSection {
    let (_, architecture) = try run("/usr/bin/dpkg", ["--print-architecture"], input: [])
    let lines = [[String(decoding: architecture, as: UTF8.self).trimmingWhitespace()]] + wishes.map { [$0, $1, $2] }
    let input = ProbeScript.input([ProbeRequest(Packages.kind, lines)])
    let (status, output) = try run(shell, ["-c", ProbeScript.text([Packages.probe])], input: input)
    #expect(status == 0)
    return try ProbeTranscript(parsing: output).section(Packages.kind)
  }

  /// Short inputs only: they fit into the pipe before anybody reads.
  private func run(_ path: String, _ arguments: [String], input: [UInt8]) throws -> (Int32, [UInt8]) {
    let process = Process()
    let (stdin, stdout) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input))
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, Array(output))
  }
}
