import FleetModel
import Subprocess
import SystemPackage

/// Runs git in a directory.
enum Git {
  struct Problem: Error {
    let message: String
    /// Whether git itself said so; otherwise it could not be run.
    let isFromGit: Bool
  }

  /// What git printed, without white space around it.
  ///
  /// Nothing that the checkout's own configuration names is run: no hooks, no file system monitor. And the checkout is
  /// one that somebody made, in a `.git`: files of the repository's content that look like a bare repository are none,
  /// as its configuration could name commands.
  static func run(_ arguments: [String], in directory: String) async throws(Problem) -> String {
    let safe = [
      "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=",
      "-c", "safe.bareRepository=explicit", "--no-optional-locks",
    ]
    do {
      let result = try await Subprocess.run(
        .name("git"), arguments: Arguments(safe + arguments),
        environment: .inherit.updating(["LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"]),
        workingDirectory: FilePath(directory), output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
      guard result.terminationStatus.isSuccess else {
        let said = result.standardError.split(separator: "\n").first.map(String.init) ?? "git failed"
        throw Problem(message: said, isFromGit: true)
      }
      return result.standardOutput.trimmingWhitespace()
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(message: "git cannot be run", isFromGit: false)
    }
  }
}
