/// A real ssh-agent at a socket of its own, for tests.
public final class SSHTestAgent: Sendable {
  public let path: String
  private let directory: TemporaryDirectory
  private let process: ChildProcess

  /// Starts an agent that holds no key.
  public init() throws {
    directory = try TemporaryDirectory()
    path = directory.path("agent")
    process = try ChildProcess(["/usr/bin/ssh-agent", "-D", "-a", path])
    guard process.waitForLine(containing: "SSH_AUTH_SOCK") else {
      throw SSHTestError(problem: "ssh-agent does not start: \(process.output)")
    }
  }

  /// Gives it a private key, as ssh-add does.
  public func add(_ file: String, confirming: Bool = false) throws {
    let words = ["/usr/bin/env", "SSH_AUTH_SOCK=\(path)", "/usr/bin/ssh-add", "-q"] + (confirming ? ["-c"] : [])
    let add = try ChildProcess(words + [file])
    guard add.wait() == 0 else { throw SSHTestError(problem: "ssh-add failed: \(add.output)") }
  }

  /// Makes keys that no server knows, and gives them to it.
  public func addStrangers(_ count: Int) throws {
    for number in 0..<count {
      let file = directory.path("stranger\(number)")
      let make = try ChildProcess([
        "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "s\(number)", "-f", file,
      ])
      guard make.wait() == 0 else { throw SSHTestError(problem: "ssh-keygen failed: \(make.output)") }
      try add(file)
    }
  }

  public func stop() {
    process.terminate()
  }
}
