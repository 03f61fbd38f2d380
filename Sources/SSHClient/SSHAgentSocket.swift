internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// A connection to an agent: one question at a time, each answered within its deadline. Its calls block their thread.
final class SSHAgentSocket: Sendable {
  /// Why an agent cannot be used: `no answer within 10.0 seconds`.
  struct Problem: Error {
    let text: String
  }

  private let descriptor: Mutex<Int32>

  static func connect(to path: String) throws(Problem) -> SSHAgentSocket {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
      throw Problem(text: "the path of a socket has at most 107 bytes")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    // Not blocking: an agent that accepts nobody would hold the thread.
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw problem(errno) }
    let socket = SSHAgentSocket(descriptor)
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard code == 0 else { throw errno == EAGAIN ? Problem(text: "it accepts no connection") : problem(errno) }
    return socket
  }

  private init(_ descriptor: Int32) {
    self.descriptor = Mutex(descriptor)
  }

  deinit {
    descriptor.withLock { _ = close($0) }
  }

  /// Sends a message and returns the answer, both without their length.
  func ask(_ message: [UInt8], within patience: Duration) throws(Problem) -> [UInt8] {
    let result: Result<[UInt8], Problem> = descriptor.withLock { descriptor in
      do throws(Problem) {
        let end = ContinuousClock.now.advanced(by: patience)
        try Self.write(SSHAgentMessage.bigEndian(UInt32(message.count)) + message, to: descriptor, until: end, patience)
        let length = try Self.read(4, from: descriptor, until: end, patience).reduce(0) { $0 << 8 | Int($1) }
        guard (1...SSHAgentMessage.largest).contains(length) else {
          throw Problem(text: "it answered with a message of \(length) bytes")
        }
        return .success(try Self.read(length, from: descriptor, until: end, patience))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, until end: ContinuousClock.Instant, _ patience: Duration
  ) throws(Problem) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else {
        try waitUnlessBroken(descriptor, POLLOUT, until: end, patience)
      }
    }
  }

  private static func read(
    _ count: Int, from descriptor: Int32, until end: ContinuousClock.Instant, _ patience: Duration
  ) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: count)
    while bytes.count < count {
      let got = recv(descriptor, &buffer, count - bytes.count, 0)
      if got == 0 { throw Problem(text: "it closed the connection") }
      if got > 0 {
        bytes += buffer.prefix(got)
      } else {
        try waitUnlessBroken(descriptor, POLLIN, until: end, patience)
      }
    }
    return bytes
  }

  /// After a call that failed: waits when it only would have blocked.
  private static func waitUnlessBroken(
    _ descriptor: Int32, _ event: Int32, until end: ContinuousClock.Instant, _ patience: Duration
  ) throws(Problem) {
    guard errno == EAGAIN || errno == EINTR else {
      // Closed with our question unread.
      throw [ECONNRESET, EPIPE].contains(errno) ? Problem(text: "it closed the connection") : problem(errno)
    }
    let left = ContinuousClock.now.duration(to: end).components
    let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
    guard milliseconds > 0 else { throw Problem(text: "no answer within \(patience)") }
    var waited = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    _ = poll(&waited, 1, Int32(min(milliseconds, 60_000)))
  }

  private static func problem(_ code: Int32) -> Problem { Problem(text: String(cString: strerror(code))) }
}
