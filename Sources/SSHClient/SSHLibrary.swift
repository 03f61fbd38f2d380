internal import CLibSSH2

#if canImport(Glibc)
  internal import Glibc
#endif

/// What there is once in a process: libssh2 itself.
enum SSHLibrary {
  /// The result of `libssh2_init`, called once; not thread-safe itself, hence the `static let`.
  private static let initialised: Int32 = libssh2_init(0)

  /// `libssh2_session_handshake` wants a descriptor, looks whether it blocks and keeps the number; the bytes go through
  /// the callbacks. This one never blocks and belongs to nobody.
  static let placeholderDescriptor: Int32 = open("/dev/null", O_RDWR | O_NONBLOCK | O_CLOEXEC)

  /// From 1.11 on libssh2 signs with RSA keys in a way that current servers accept.
  static let signsRSAWithSHA2 = libssh2_version(0x010b00) != nil

  /// The version in use, for messages: `1.10.0`.
  static let version = libssh2_version(0).map { String(cString: $0) } ?? "older than this program needs"

  /// Nil when libssh2 can be used.
  static func initialise() -> SSHLibraryFailure? {
    guard initialised == 0 else { return SSHLibraryFailure(code: initialised, text: "libssh2_init failed") }
    guard placeholderDescriptor >= 0 else {
      return SSHLibraryFailure(code: LIBSSH2_ERROR_BAD_SOCKET, text: "cannot open /dev/null")
    }
    return nil
  }
}
