import FleetModel
import Glibc

/// A file that holds a secret: read only if nobody but its owner can read it, or put another in its place.
struct SecretFile {
  /// Bytes.
  static let maximumSize = 1 << 20

  private let path: String
  private let name: String
  /// Permission bits that it must not have.
  private let forbidden: mode_t

  /// The bytes of the file at `path`, which the secret `name` is defined as. Links are followed, and where they lead
  /// must be as safe as the file itself. A refusal ends with the command that mends it.
  ///
  /// - Parameter isCredential: systemd lets a unit's account read a credential of root's by an access control list,
  ///   whose mask shows as the group's bit.
  static func read(_ path: String, for name: String, isCredential: Bool = false) throws(RunFailure) -> [UInt8] {
    try SecretFile(path: path, name: name, forbidden: isCredential ? 0o037 : 0o077).read()
  }

  private func read() throws(RunFailure) -> [UInt8] {
    guard let place = realpath(path, nil) else { throw unreadable() }
    defer { free(place) }
    let real = String(cString: place)
    try checkDirectories(above: path)
    if real != path { try checkDirectories(above: real) }
    // What is checked is what is read: the open file, not its name. A FIFO must not keep us waiting.
    let descriptor = open(real, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable() }
    try check(status, real)
    return try contents(of: descriptor, size: Int(status.st_size))
  }

  private func check(_ status: stat, _ real: String) throws(RunFailure) {
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw refused("\(real) is no regular file", next: "name a file that holds the secret alone")
    }
    guard Self.isTrusted(status.st_uid) else {
      throw refused(
        "\(real) belongs to \(Self.account(status.st_uid))", next: "chown \(Self.account(geteuid())) \(real)")
    }
    guard status.st_mode & forbidden == 0 else {
      throw refused("others may read \(real) (mode \(Self.octal(status.st_mode)))", next: "chmod 0600 \(real)")
    }
  }

  /// Who may write to a directory may put another file in its place; only with the sticky bit (/tmp) others' files are
  /// safe there.
  private func checkDirectories(above path: String) throws(RunFailure) {
    var directory = path
    while let slash = directory.lastIndex(of: "/"), directory != "/" {
      directory = slash == directory.startIndex ? "/" : String(directory[..<slash])
      var status = stat()
      guard stat(directory, &status) == 0 else { throw unreadable() }
      guard Self.isTrusted(status.st_uid) else {
        throw refused(
          "\(Self.account(status.st_uid)), who owns the directory \(directory), may replace it",
          next: "chown \(Self.account(geteuid())) \(directory), or keep the secret elsewhere"
        )
      }
      guard status.st_mode & 0o022 == 0 || status.st_mode & S_ISVTX != 0 else {
        throw refused(
          "others may replace it: the directory \(directory) is writable for them (mode \(Self.octal(status.st_mode)))",
          next: "chmod go-w \(directory)"
        )
      }
    }
  }

  private func contents(of descriptor: Int32, size: Int) throws(RunFailure) -> [UInt8] {
    guard size <= Self.maximumSize else { throw refused("\(path) is larger than 1 MiB", next: "name the right file") }
    // One byte more than it said: a file that grows meanwhile is cut, and seen to be.
    var bytes = [UInt8](repeating: 0, count: size + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw unreadable() }
      if got == 0 { break }
      count += got
    }
    guard count <= size else { throw refused("\(path) changes while it is read", next: "run again") }
    return Array(bytes[..<count])
  }

  /// root could read everything anyway.
  private static func isTrusted(_ owner: uid_t) -> Bool { owner == 0 || owner == geteuid() }

  private static func account(_ identifier: uid_t) -> String {
    guard let entry = getpwuid(identifier), let name = entry.pointee.pw_name else { return "\(identifier)" }
    return String(cString: name)
  }

  private static func octal(_ mode: mode_t) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private func refused(_ problem: String, next: String) -> RunFailure {
    RunFailure("the secret \(name) is refused: \(problem)", next: next)
  }

  private func unreadable() -> RunFailure {
    RunFailure(
      "the secret \(name) cannot be read: there is no regular file \(path), or this account may not see it",
      next: "create it as \(Self.account(geteuid())), mode 0600; or correct spec.secrets.\(name).file"
    )
  }
}
