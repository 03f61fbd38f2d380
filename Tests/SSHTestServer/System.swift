import Glibc

/// Two connected descriptors that no child inherits by accident.
func makePipe() throws -> (read: Int32, write: Int32) {
  var ends: [Int32] = [0, 0]
  let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
  guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw systemError("socketpair") }
  return (ends[0], ends[1])
}

/// A TCP port of 127.0.0.1 that was free a moment ago.
public func freePort() throws -> Int {
  let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  guard socket >= 0 else { throw systemError("socket") }
  defer { close(socket) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let code = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(socket, $0, length) == 0 ? getsockname(socket, $0, &length) : -1
    }
  }
  guard code == 0 else { throw systemError("bind") }
  return Int(UInt16(bigEndian: address.sin_port))
}

func accountName() -> String {
  guard let entry = getpwuid(getuid()) else { return "root" }
  return String(cString: entry.pointee.pw_name)
}

/// sshd run by root wants this directory; its service makes it at boot, a build machine has none.
func makePrivilegeSeparationDirectory() throws {
  guard getuid() == 0, mkdir("/run/sshd", 0o755) != 0, errno != EEXIST else { return }
  throw systemError("mkdir /run/sshd")
}

private func systemError(_ call: String) -> SSHTestError {
  SSHTestError(problem: "\(call): \(String(cString: strerror(errno)))")
}
