import Dispatch
import Glibc
import Synchronization

import class Foundation.Thread

/// A program that a test runs beside itself. It is ended by `terminate()`, with this object, and with this process.
public final class ChildProcess: Sendable {
  private let pid: pid_t
  private let isReaped = Mutex(false)
  private let reader: OutputReader
  /// Closing it ends the child: see `supervisor`.
  private let lifeline: Int32

  /// Runs the program and ends it as soon as its own input ends, so that no server outlives a test that was killed.
  private static let supervisor = """
    exec 3<&0
    "$@" </dev/null 3<&- & child=$!
    { read -r _ <&3; kill "$child"; } >/dev/null 2>&1 & watch=$!
    wait "$child"; status=$?
    kill "$watch" 2>/dev/null
    exit "$status"
    """

  /// Starts `arguments`; standard output and error are read all the time, so that a talkative child never waits for us.
  public init(_ arguments: [String]) throws {
    let input = try makePipe()
    let output = try makePipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.read, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, output.write, 2)

    // Swift's threads block most signals, and a child would inherit that: sh waits for SIGCHLD, kill sends SIGTERM.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    let words = ["/bin/sh", "-c", Self.supervisor, "sh"] + arguments
    var pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, &pointers, environ)
    close(input.read)
    close(output.write)
    guard code == 0 else {
      close(input.write)
      close(output.read)
      throw SSHTestError(problem: "cannot start \(arguments[0]): \(String(cString: strerror(code)))")
    }
    self.pid = pid
    lifeline = input.write
    reader = OutputReader(descriptor: output.read)
  }

  deinit {
    terminate()
  }

  public var output: String { reader.text }

  /// Blocks until a line holds `text`; false when the child's output ended before.
  func waitForLine(containing text: String) -> Bool { reader.wait(for: text) }

  /// Blocks until everybody who inherited the child's output has closed it.
  func waitForEndOfOutput() { reader.waitForEnd() }

  /// Blocks until the child has ended and all its output was read; its exit status.
  public func wait() -> Int32 {
    isReaped.withLock { reaped in
      guard !reaped else { return -1 }
      reaped = true
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
      close(lifeline)
      reader.waitForEnd()
      return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
  }

  func terminate() {
    isReaped.withLock { reaped in
      guard !reaped else { return }
      reaped = true
      close(lifeline)
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    }
  }
}

/// Reads a descriptor to its end on a thread of its own and keeps the first MiB.
private final class OutputReader: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var ended = false
  }

  private let state = Mutex(State())
  private let changed = DispatchSemaphore(value: 0)

  init(descriptor: Int32) {
    Thread.detachNewThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        state.withLock {
          if count <= 0 {
            $0.ended = true
          } else if $0.bytes.count < 1 << 20 {
            $0.bytes += buffer.prefix(count)
          }
        }
        changed.signal()
        if count <= 0 { break }
      }
      close(descriptor)
    }
  }

  var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }

  func wait(for wanted: String) -> Bool {
    while true {
      let ended = state.withLock { $0.ended }
      if text.contains(wanted) { return true }
      if ended { return false }
      changed.wait()
    }
  }

  func waitForEnd() {
    while !state.withLock({ $0.ended }) { changed.wait() }
  }
}
