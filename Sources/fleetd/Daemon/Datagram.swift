import Glibc

/// One datagram to a Unix socket: what systemd and its journal take.
enum Datagram {
  /// Whether it was taken. Never waits.
  ///
  /// - Parameter path: a path; with "@" in front, a name in the abstract namespace.
  static func send(_ bytes: [UInt8], to path: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard let (address, length) = unixAddress(path) else { return false }
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socketAddress in
        sendto(descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT), socketAddress, length) == bytes.count
      }
    }
  }

  /// `nil`: the path is longer than a socket's may be.
  static func unixAddress(_ path: String) -> (sockaddr_un, socklen_t)? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    let isAbstract = bytes.first == UInt8(ascii: "@")
    if isAbstract { bytes[0] = 0 }
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
    return (address, socklen_t(length))
  }
}
