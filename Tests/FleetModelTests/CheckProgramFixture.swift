import Crypto
import Foundation
import Testing

@testable import FleetModel

/// The program for keys that may only look, in a directory of its own, as it is on a node; texts are read by `reader`.
struct CheckProgramFixture {
  static let sealKey = String(repeating: "0123456789abcdef", count: 8)

  let folder: TemporaryFolder
  private let program: String

  /// - Parameters:
  ///   - lines: of the list of what may be asked.
  ///   - k3s: a shell script in place of the server's k3s.
  init(_ lines: [[String]], reader: String = "env", k3s: String? = nil) throws {
    folder = try TemporaryFolder()
    program = folder.path("check")
    let text = CheckProgram.text(at: program, seal: folder.path("seal"), reader: reader)
      .replacing("/usr/local/bin/k3s", with: folder.path("k3s")).replacing("/run/fleetd", with: folder.path("run"))
    if let k3s {
      try folder.write(Array("#!/bin/sh\nfolder=\(folder.path)\n\(k3s)\n".utf8), to: "k3s")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("k3s"))
    }
    try folder.write(Array(text.utf8), to: "check")
    try folder.write(Array((Self.sealKey + "\n").utf8), to: "seal")
    try folder.write(lines.flatMap { NodeScript.line($0) }, to: "check.allow")
  }

  func run(_ input: [UInt8], by shell: Shell = Shell.all[0]) throws -> Shell.Outcome {
    try shell.run(commandLine: "exec \(shell.path) \(program)", input: input)
  }

  func ask(_ requests: [ProbeRequest], by shell: Shell = Shell.all[0]) throws -> ProbeTranscript {
    let outcome = try run(ProbeScript.input(requests), by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.status): \(outcome.error)")
    return try ProbeTranscript(parsing: outcome.output)
  }

  /// What the program makes of a digest that nobody named.
  static func sealed(_ digest: String) -> String {
    let digits = Array(sealKey)
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    let code = HMAC<SHA256>.authenticationCode(for: Array(digest.utf8), using: SymmetricKey(data: bytes))
    return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
