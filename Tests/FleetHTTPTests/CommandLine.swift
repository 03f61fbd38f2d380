import Subprocess
import SystemPackage

/// Programs of others that judge what is served: promtool, a JSON Schema validator, a browser.
enum Tool {
  struct Outcome: Sendable {
    let isSuccess: Bool
    let output: String
    let errors: String
  }

  static func run(_ words: [String], input: String = "", in directory: String? = nil) async throws -> Outcome {
    let result = try await Subprocess.run(
      .name(words[0]), arguments: Arguments(Array(words.dropFirst())), workingDirectory: directory.map { FilePath($0) },
      input: .string(input), output: .string(limit: 8 << 20), error: .string(limit: 1 << 20))
    return Outcome(
      isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
      errors: result.standardError)
  }

  /// Whether it is there; scripts/requirements installs it.
  static func exists(_ name: String) -> Bool {
    ["/usr/bin", "/usr/local/bin", "/bin"].contains { access("\($0)/\(name)") }
  }

  private static func access(_ path: String) -> Bool {
    guard let descriptor = try? FileDescriptor.open(FilePath(path), .readOnly) else { return false }
    try? descriptor.close()
    return true
  }
}
