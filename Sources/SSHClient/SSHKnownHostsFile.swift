#if canImport(Glibc)
  internal import Glibc
#endif

/// A known_hosts file that is written to: whole or not at all, by one writer at a time.
public struct SSHKnownHostsFile: Sendable {
  /// Where the file is; links are followed, so that the file and not the link is replaced.
  public let path: String

  /// Larger files are no known_hosts of a fleet, in bytes.
  private static let largest = 16 << 20

  public init(path: String) { self.path = path }

  /// Adds keys of a host as `SSHKnownHosts.adding` says; makes the file (0600, in a directory of 0700) if there is none.
  /// Writes nothing where all is known already. Blocks: for a moment, or while another writer has its turn.
  public func add(
    _ keys: [SSHPublicKey], host: String, port: Int, replacing: Bool = false
  ) throws(SSHParseError) {
    let target = Self.resolved(path)
    makeDirectory(of: target)
    // The directory, as the file itself is exchanged: a lock on it would be a lock on its past.
    let lock = open(Self.directory(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw problem("its directory cannot be opened", errno) }
    defer { close(lock) }
    while flock(lock, LOCK_EX) != 0 {
      guard errno == EINTR else { throw problem("cannot be locked", errno) }
    }
    let (text, status) = try read(target)
    let wanted = try SSHKnownHosts.adding(keys, host: host, port: port, to: text, file: path, replacing: replacing)
    if wanted != text { try replace(target, by: wanted, like: status) }
  }

  /// The file that a chain of links ends at, or would.
  private static func resolved(_ path: String) -> String {
    var path = path
    // As many as the kernel follows.
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &buffer, buffer.count)
      guard count > 0 else { return path }
      let link = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      path = link.hasPrefix("/") ? link : directory(of: path) + "/" + link
    }
    return path
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func makeDirectory(of target: String) {
    // ~/.ssh of an account that never used ssh; anything deeper is missing for a reason, which open(2) tells.
    mkdir(Self.directory(of: target), 0o700)
  }

  private func read(_ target: String) throws(SSHParseError) -> (text: String, status: stat?) {
    let file = open(target, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT { return ("", nil) }
      throw problem("cannot be read", errno)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw problem("cannot be read", errno) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.largest else {
      throw SSHParseError(file: path, problem: "it is no regular file, or larger than \(Self.largest) bytes")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw problem("cannot be read", errno) }
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SSHParseError(file: path, problem: "it is not UTF-8; fleetd would damage what it cannot read")
    }
    return (text, status)
  }

  /// Temporary file, sync, rename, sync of the directory: after a crash there is the old file or the new one.
  private func replace(_ target: String, by text: String, like status: stat?) throws(SSHParseError) {
    let temporary = target + ".fleetd-new"
    unlink(temporary)
    let mode = (status?.st_mode).map { $0 & 0o7777 } ?? 0o600
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw problem("cannot be replaced (\(temporary))", errno) }
    var failure: Int32 = 0
    var rest = Array(text.utf8)[...]
    while failure == 0, !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { failure = errno }
    }
    // root writes another account's file without taking it away from it.
    if failure == 0, let status, fchown(file, status.st_uid, status.st_gid) != 0, geteuid() == 0 { failure = errno }
    if failure == 0, fchmod(file, mode) != 0 || fsync(file) != 0 { failure = errno }
    close(file)
    if failure == 0, rename(temporary, target) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(temporary)
      throw problem("cannot be replaced", failure)
    }
    let directory = open(Self.directory(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  private func problem(_ what: String, _ code: Int32) -> SSHParseError {
    SSHParseError(file: path, problem: "\(what): \(String(cString: strerror(code)))")
  }
}
