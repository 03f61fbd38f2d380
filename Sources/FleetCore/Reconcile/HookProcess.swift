import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// One hook's process, in a process group of its own.
struct HookProcess: Sendable {
  let words: [String]
  let timeout: Duration
  let environment: [String: String]

  enum Ending: Sendable {
    /// With how it ended: "exit status 1"; `nil` for exit status 0.
    case ended(problem: String?)
    case timedOut
    case cancelled
    /// It could not be started; with the reason.
    case notStarted(String)
  }

  /// Bytes of output that are kept, standard error included; the rest is read and dropped.
  private static let outputLimit = 64 << 10

  /// Runs it with `document` on its standard input. At the deadline, or when this task is cancelled, the whole process
  /// group is killed.
  func run(reading document: String) async -> (Ending, output: [UInt8]) {
    let group = ProcessGroup()
    return await withTaskGroup(of: (Ending, output: [UInt8])?.self) { tasks in
      tasks.addTask { await start(document, in: group) }
      tasks.addTask {
        // The deadline itself: that time has passed is the one condition that nothing signals.
        do { try await Task.sleep(for: timeout) } catch { return nil }
        group.kill()
        return (.timedOut, [])
      }
      var ending: (Ending, output: [UInt8])?
      var result: (Ending, output: [UInt8])?
      // Cancellation ends the sleep first: the group is killed, and what it had written is still read.
      while result == nil, let next = await tasks.next() {
        switch next {
        case nil:
          group.kill()
          ending = (.cancelled, [])
        case (.timedOut, _)?: ending = next
        case let finished?: result = finished
        }
      }
      tasks.cancelAll()
      return (ending?.0 ?? result?.0 ?? .cancelled, result?.output ?? [])
    }
  }

  private func start(_ document: String, in group: ProcessGroup) async -> (Ending, output: [UInt8]) {
    var options = PlatformOptions()
    options.processGroupID = 0
    do {
      // A file, not a pipe: a hook need not read it.
      let input = try Self.file(holding: Array(document.utf8))
      let result = try await Subprocess.run(
        Executable(of: words), arguments: Arguments(Array(words.dropFirst())), environment: .custom(keyed),
        platformOptions: options, input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .sequence,
        error: .combinedWithOutput
      ) { execution in
        group.started(execution.processIdentifier.value)
        var output: [UInt8] = []
        for try await buffer in execution.standardOutput {
          let room = Self.outputLimit - output.count
          buffer.withUnsafeBytes { output += $0.prefix(max(0, room)) }
        }
        return output
      }
      group.ended()
      let isSuccess = result.terminationStatus.isSuccess
      return (.ended(problem: isSuccess ? nil : "\(result.terminationStatus)"), result.closureResult)
    } catch {
      guard !Task.isCancelled else {
        group.kill()
        return (.cancelled, [])
      }
      return (.notStarted("\(error)"), [])
    }
  }

  private var keyed: [Environment.Key: String] {
    var keyed: [Environment.Key: String] = [:]
    for (name, value) in environment { keyed[Environment.Key(stringLiteral: name)] = value }
    return keyed
  }

  /// An open file without a name, to be read from its beginning.
  static func file(holding bytes: [UInt8]) throws -> FileDescriptor {
    guard let stream = tmpfile() else { throw Errno(rawValue: errno) }
    defer { fclose(stream) }
    let file = FileDescriptor(rawValue: dup(fileno(stream)))
    do {
      try file.writeAll(bytes)
      try file.seek(offset: 0, from: .start)
    } catch {
      try? file.close()
      throw error
    }
    return file
  }
}

/// The process group of a command of the control node's own, which may be killed before it has begun.
final class ProcessGroup: Sendable {
  private enum State {
    case notStarted, running(pid_t), killed, ended
  }

  private let state = Mutex(State.notStarted)

  func started(_ leader: pid_t) {
    state.withLock { state in
      if case .killed = state { Self.kill(leader) } else { state = .running(leader) }
    }
  }

  /// Its number may be another's from now on.
  func ended() { state.withLock { $0 = .ended } }

  func kill() {
    state.withLock { state in
      switch state {
      case .running(let leader): Self.kill(leader)
      case .notStarted: state = .killed
      case .killed, .ended: break
      }
    }
  }

  private static func kill(_ leader: pid_t) { _ = Glibc.kill(-leader, SIGKILL) }
}
