import FleetModel
import FleetReconcile
import Glibc

/// Asks a running daemon over its socket.
struct DaemonClient {
  private let paths: [String]

  init(_ configuration: ControlNodeConfiguration) { paths = DaemonSocket.candidates(configuration) }

  private static let mostAnswerBytes = 32 << 20
  private static let patience = 30

  /// `nil`: no daemon listens. Throws what the daemon, or the way to it, has against the request.
  func ask(_ request: JSONText) throws(RunFailure) -> JSONText? {
    for path in paths {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      defer { close(descriptor) }
      guard descriptor >= 0, let (address, length) = Datagram.unixAddress(path) else { continue }
      let isConnected = withUnsafePointer(to: address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) == 0 }
      }
      if isConnected { return try exchange(request, over: descriptor) }
      guard errno != EACCES else {
        throw RunFailure(
          "this account may not talk to the daemon at \(path)", next: "join the group fleetd, or use sudo")
      }
    }
    return nil
  }

  private func exchange(_ request: JSONText, over descriptor: Int32) throws(RunFailure) -> JSONText {
    var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let bytes = Array((request.compact + "\n").utf8)
    var answer: [UInt8] = []
    if send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while answer.last != 0x0A, answer.count < Self.mostAnswerBytes {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { break }
        answer += buffer[..<count]
      }
    }
    guard let json = try? JSONText(parsing: answer) else {
      throw RunFailure("the daemon does not answer", next: "journalctl -u fleetd")
    }
    guard json["ok"] == .boolean(true) else {
      throw RunFailure(json["error"]?.string ?? "the daemon refuses", next: json["next"]?.string)
    }
    return json
  }
}
