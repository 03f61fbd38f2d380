import FleetModel
import Subprocess
import SystemPackage

/// A command of the control node's own that reads bytes and prints others.
struct FilterProcess: Sendable {
  let words: [String]
  let timeout: Duration

  enum Ending: Sendable {
    case ended([UInt8])
    /// With how it ended and the last that it said; what it printed is never part of it.
    case failed(String)
  }

  /// What one manifest may come to.
  private static let outputLimit = 8 << 20
  private static let errorLimit = 8 << 10

  /// At the deadline, or when this task is cancelled, it is killed with all that it started.
  func run(reading input: [UInt8]) async -> Ending {
    let group = ProcessGroup()
    return await withTaskGroup(of: Ending?.self) { tasks in
      tasks.addTask { await start(input, in: group) }
      tasks.addTask {
        // The deadline itself: that time has passed is the one condition that nothing signals.
        do { try await Task.sleep(for: timeout) } catch { return nil }
        return .failed("it did not end within \(DurationText.render(timeout))")
      }
      var ending: Ending?
      while ending == nil, let next = await tasks.next() { ending = next ?? .failed("cancelled") }
      group.kill()
      tasks.cancelAll()
      return ending ?? .failed("cancelled")
    }
  }

  private func start(_ input: [UInt8], in group: ProcessGroup) async -> Ending {
    var options = PlatformOptions()
    options.processGroupID = 0
    do {
      // A file without a name, not a pipe: the command need not read all of it.
      let file = try HookProcess.file(holding: input)
      let result = try await Subprocess.run(
        Executable(of: words), arguments: Arguments(Array(words.dropFirst())), platformOptions: options,
        input: .fileDescriptor(file, closeAfterSpawningProcess: true), output: .sequence, error: .sequence
      ) { execution in
        group.started(execution.processIdentifier.value)
        async let said = Self.bytes(of: execution.standardError, atMost: Self.errorLimit)
        let printed = try await Self.bytes(of: execution.standardOutput, atMost: Self.outputLimit)
        return (printed: printed, said: try await said)
      }
      group.ended()
      let (printed, said) = result.closureResult
      guard result.terminationStatus.isSuccess else {
        let words = TerminalText.tail(of: String(decoding: said, as: UTF8.self), lines: 3).joined(separator: "\n")
        return .failed("it ended with \(result.terminationStatus)" + (words.isEmpty ? "" : ": \(words)"))
      }
      guard printed.count < Self.outputLimit else {
        return .failed("it prints more than \(Self.outputLimit >> 20) MiB")
      }
      return .ended(printed)
    } catch {
      return .failed("it cannot be run: \(error)")
    }
  }

  /// All is read; what is more is dropped.
  static func bytes(of sequence: SubprocessOutputSequence, atMost limit: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await buffer in sequence {
      buffer.withUnsafeBytes { bytes += $0.prefix(max(0, limit - bytes.count)) }
    }
    return bytes
  }
}
