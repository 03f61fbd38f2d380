import Foundation

/// A key pair that only its grant makes useful, and OpenSSH's client on the control node to try it with.
final class CheckKey: Sendable {
  let directory: String
  let line: String

  init() async throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "fleetd-ci-\(UUID().uuidString)")
      .path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try await Lab.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ci", "-f", "\(directory)/ci")
    line = try String(contentsOfFile: "\(directory)/ci.pub", encoding: .utf8).trimmingCharacters(in: .newlines)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  var file: String { "\(directory)/ci" }

  /// Of the Fleet's `spec`.
  var grant: String { "checkAccess: {keys: [\"\(line)\"]}" }

  var options: String {
    "-i \(file) -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o StrictHostKeyChecking=no "
      + "-o UserKnownHostsFile=\(directory)/known_hosts -o LogLevel=ERROR -F none -o ConnectTimeout=10"
  }

  /// - Parameter input: a shell command that writes what the node is to read.
  func ssh(_ node: LabNode, _ command: String, options more: String = "", input: String = ":") async throws -> Output {
    let quoted = "'" + command.replacingOccurrences(of: "'", with: "'\\''") + "'"
    let words = command.isEmpty ? "" : quoted
    return try await run("ssh", "\(more) \(options) fleetd-check@\(node.address) \(words)", input: input)
  }

  /// What comes out of a port or a socket that the node was asked to reach; and what ssh says, as sshd refuses it.
  func forwarded(_ node: LabNode, _ option: String) async throws -> Output {
    let to = "\(options.replacingOccurrences(of: "LogLevel=ERROR", with: "LogLevel=INFO")) fleetd-check@\(node.address)"
    guard option.hasPrefix("-L"), let port = option.split(separator: ":").dropFirst().first else {
      return try await shell("ssh \(option) \(to) < /dev/null 2>&1")
    }
    // The session's input stays open until the port was tried.
    return try await shell(
      """
      mkfifo \(directory)/\(port); ssh \(option) \(to) < \(directory)/\(port) > \(directory)/said 2>&1 & ssh=$!
      exec 9> \(directory)/\(port)
      for i in $(seq 100); do ss -Hltn "sport = :\(port)" | grep -q . && break; sleep 0.1; done
      timeout 3 bash -c 'exec 8<> /dev/tcp/127.0.0.1/\(port); head -c 7 <&8'
      exec 9>&-; wait $ssh; cat \(directory)/said
      """)
  }

  func run(_ program: String, _ words: String, input: String = ":") async throws -> Output {
    try await shell("\(input) | timeout 60 \(program) \(words)")
  }

  private func shell(_ script: String) async throws -> Output {
    try await Lab.execute(["lab/exec", "--", "bash", "-c", script])
  }
}
