import FleetModel
import Subprocess
import SystemPackage

/// Runs git in a directory, bounded in time and output.
enum Git {
  struct Problem: Error {
    let message: String
    /// Whether git itself said so; otherwise it could not be run.
    let isFromGit: Bool
    /// All that git said, up to a bound.
    var said = ""
  }

  /// What git printed, without white space around it.
  static func run(_ arguments: [String], in directory: String) async throws(Problem) -> String {
    String(decoding: try await bytes(of: arguments, in: directory), as: UTF8.self).trimmingWhitespace()
  }

  /// What git printed. At the deadline, or when this task is cancelled, it is killed with all that it started.
  ///
  /// Nothing that the checkout's own configuration names is run: no hooks, no file system monitor, no other ssh. And the
  /// checkout is one that somebody made, in a `.git`: files of the repository's content that look like a bare repository
  /// are none, as its configuration could name commands.
  static func bytes(
    of arguments: [String], in directory: String, reading input: [UInt8] = [], atMost limit: Int = 1 << 20,
    within timeout: Duration = .seconds(60)
  ) async throws(Problem) -> [UInt8] {
    let group = ProcessGroup()
    let result = await withTaskGroup(of: Result<[UInt8], Problem>?.self) { tasks in
      tasks.addTask { await start(arguments, in: directory, reading: input, atMost: limit, group) }
      tasks.addTask {
        // The deadline itself: that time has passed is the one condition that nothing signals.
        do { try await Task.sleep(for: timeout) } catch { return nil }
        return .failure(
          Problem(message: "git \(arguments[0]) did not end within \(DurationText.render(timeout))", isFromGit: false))
      }
      var result: Result<[UInt8], Problem>?
      while result == nil, let next = await tasks.next() {
        result = next ?? .failure(Problem(message: "cancelled", isFromGit: false))
      }
      group.kill()
      tasks.cancelAll()
      return result ?? .failure(Problem(message: "cancelled", isFromGit: false))
    }
    return try result.get()
  }

  private static let safe = [
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "diff.external=", "safe.bareRepository=explicit",
    "core.sshCommand=ssh -oBatchMode=yes", "core.gitProxy=", "core.askPass=", "credential.helper=",
    "protocol.ext.allow=never", "core.alternateRefsCommand=", "core.pager=cat", "core.editor=false",
    "gpg.program=false", "gpg.openpgp.program=false", "gpg.x509.program=false", "gpg.ssh.program=ssh-keygen",
    "gc.auto=0", "maintenance.auto=false", "submodule.recurse=false", "fetch.recurseSubmodules=false",
  ].flatMap { ["-c", $0] }

  private static let environment: [Environment.Key: String?] = [
    "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1",
    // A partial clone never fetches by itself.
    "GIT_NO_LAZY_FETCH": "1",
    // What these say would stand instead of the directory.
    "GIT_DIR": nil, "GIT_WORK_TREE": nil, "GIT_INDEX_FILE": nil, "GIT_OBJECT_DIRECTORY": nil, "GIT_EXTERNAL_DIFF": nil,
  ]

  private static func start(
    _ arguments: [String], in directory: String, reading input: [UInt8], atMost limit: Int, _ group: ProcessGroup
  ) async -> Result<[UInt8], Problem> {
    var options = PlatformOptions()
    options.processGroupID = 0
    do {
      let file = try HookProcess.file(holding: input)
      let result = try await Subprocess.run(
        .name("git"), arguments: Arguments(safe + ["--no-optional-locks", "--no-replace-objects"] + arguments),
        environment: .inherit.updating(environment), workingDirectory: FilePath(directory), platformOptions: options,
        input: .fileDescriptor(file, closeAfterSpawningProcess: true), output: .sequence, error: .sequence
      ) { execution in
        group.started(execution.processIdentifier.value)
        async let said = FilterProcess.bytes(of: execution.standardError, atMost: 1 << 16)
        let printed = try await FilterProcess.bytes(of: execution.standardOutput, atMost: limit + 1)
        return (printed: printed, said: try await said)
      }
      group.ended()
      let said = String(decoding: result.closureResult.said, as: UTF8.self)
      guard result.terminationStatus.isSuccess else {
        return .failure(Problem(message: summary(of: said), isFromGit: true, said: said))
      }
      guard result.closureResult.printed.count <= limit else {
        return .failure(Problem(message: "git \(arguments[0]) prints more than \(limit) bytes", isFromGit: false))
      }
      return .success(result.closureResult.printed)
    } catch {
      return .failure(Problem(message: "git cannot be run", isFromGit: false))
    }
  }

  /// The line that says what is wrong; warnings stand before it.
  private static func summary(of said: String) -> String {
    let lines = said.split(separator: "\n").map(String.init)
    return lines.first { $0.hasPrefix("fatal:") || $0.hasPrefix("error:") } ?? lines.first ?? "git failed"
  }
}
