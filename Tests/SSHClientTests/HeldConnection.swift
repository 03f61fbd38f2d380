import Glibc
import SSHTestServer

/// A TCP connection to an sshd that has sent its banner and waits for ours, which never comes.
final class HeldConnection {
  let banner: String
  private let descriptor: Int32

  init(port: Int) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = code == 0 ? read(descriptor, &buffer, buffer.count) : -1
    self.descriptor = descriptor
    banner = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }

  func close() {
    Glibc.close(descriptor)
  }
}

extension Fixture {
  /// A port of 127.0.0.1 on which nothing listens.
  static func unusedPort() throws -> Int { try freePort() }
}
