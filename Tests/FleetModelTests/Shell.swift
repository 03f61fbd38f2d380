import Foundation

/// A shell that a node may have as its /bin/sh, run for real.
struct Shell: Sendable, CustomStringConvertible {
  let path: String

  static let all = [Shell(path: "/bin/dash"), Shell(path: "/bin/bash")]

  var description: String { path }

  struct Outcome {
    let status: Int32
    let output: [UInt8]
    let error: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Runs `script` with `arguments` as $1, $2, …; `input` comes through a pipe, as from sshd.
  func run(_ script: String, _ arguments: [String] = [], input: [UInt8] = []) throws -> Outcome {
    try Self.pipe(input, into: [path, "-c", script, "sh"] + arguments)
  }

  /// What is wrong with the syntax of `script`, in the shell's words; nothing is run.
  func complaint(about script: String) throws -> String? {
    let outcome = try Self.pipe([], into: [path, "-n", "-c", script])
    return outcome.status == 0 && outcome.error.isEmpty ? nil : outcome.error
  }

  /// Runs a command line as sshd does, by the account's shell.
  func run(commandLine: String, input: [UInt8]) throws -> Outcome {
    try Self.pipe(input, into: [path, "-c", commandLine])
  }

  /// Input and messages go by files, so that nobody waits for a reader. A script that never ends fails its test: 124.
  private static func pipe(_ input: [UInt8], into command: [String]) throws -> Outcome {
    let folder = try TemporaryFolder()
    try folder.write(input, to: "input")
    try folder.write([], to: "error")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      ["-c", #"input=$1; shift; cat -- "$input" 2> /dev/null | timeout -k 1 60 "$@""#, "sh", folder.path("input")]
      + command
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path("error")))
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: Array(bytes),
      error: String(decoding: try folder.read("error"), as: UTF8.self)
    )
  }
}

/// A directory that is gone with this object.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "fleetd-model-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
  }

  func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

  func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}
