internal import CLibSSH2

/// Owns a `LIBSSH2_SESSION`: the protocol between a pipe's bytes and channels.
///
/// libssh2's rule: a session is used by one caller at a time, from whichever thread. The transport that holds this one
/// is confined to its event loop. The steps of opening a channel belong to the session, so only one channel may be
/// opening.
struct SSHSession: ~Copyable {
  let pipe: SSHPipe
  let session: OpaquePointer
  private let context: UnsafeMutablePointer<ssh2_context>

  /// The memory that one session may use, in bytes: 8 channels with their 2 MB windows fit.
  private static let memoryLimit = 24 << 20
  /// Output that a command may write before it was read, in bytes.
  private static let windowSize: UInt32 = 2 << 20

  /// A session that reads from and writes to `pipe`; nil when there is no memory.
  init?(pipe: SSHPipe) {
    self.pipe = pipe
    context = .allocate(capacity: 1)
    context.initialize(
      to: ssh2_context(
        pipe: Unmanaged.passUnretained(pipe).toOpaque(),
        session: nil,
        used: 0,
        limit: Self.memoryLimit,
        message_released: messageReleased
      )
    )
    guard let session = ssh2_session_create(context) else {
      context.deallocate()
      return nil
    }
    self.session = session
    libssh2_session_set_blocking(session, 0)
    ssh2_session_set_send(session, sendToPipe)
    ssh2_session_set_receive(session, receiveFromPipe)
    ssh2_session_set_disconnect(session, serverDisconnected)
    context.pointee.session = session
  }

  deinit {
    // Severed, every unfinished operation ends in an error and frees what it holds; the key exchange is the one whose
    // state `libssh2_session_free` itself forgets.
    pipe.sever()
    if pipe.isHandshaking { _ = libssh2_session_handshake(session, SSHLibrary.placeholderDescriptor) }
    libssh2_session_free(session)
    context.deallocate()
  }

  /// Bytes that libssh2 has allocated for this session.
  var memoryInUse: Int { context.pointee.used }

  /// Keeps the algorithms that this libssh2 knows, and offers only them. Returns the lists as they will be offered.
  func offer(_ wanted: SSHAlgorithms) -> SSHStep<SSHAlgorithms> {
    var offered = wanted
    let lists: [(WritableKeyPath<SSHAlgorithms, [String]>, [Int32])] = [
      (\.keyExchange, [LIBSSH2_METHOD_KEX]),
      (\.hostKey, [LIBSSH2_METHOD_HOSTKEY]),
      (\.cipher, [LIBSSH2_METHOD_CRYPT_CS, LIBSSH2_METHOD_CRYPT_SC]),
      (\.mac, [LIBSSH2_METHOD_MAC_CS, LIBSSH2_METHOD_MAC_SC]),
    ]
    for (list, methods) in lists {
      for method in methods {
        offered[keyPath: list] = wanted[keyPath: list].filter(supported(method).contains)
        guard libssh2_session_method_pref(session, method, offered[keyPath: list].joined(separator: ",")) == 0 else {
          return .failed(lastFailure())
        }
      }
    }
    return .done(offered)
  }

  /// The names under which this libssh2 verifies host keys.
  var supportedHostKeyAlgorithms: [String] { supported(LIBSSH2_METHOD_HOSTKEY) }

  /// Identification, key exchange, and the request for the authentication service.
  func handshake() -> SSHStep<Void> {
    pipe.isHandshaking = true
    let code = libssh2_session_handshake(session, SSHLibrary.placeholderDescriptor)
    if code != LIBSSH2_ERROR_EAGAIN { pipe.isHandshaking = false }
    return step(code)
  }

  /// Logs in with a private key in one of the formats that libssh2 reads: OpenSSH's own, or PEM.
  func authenticate(user: String, privateKey: [UInt8]) -> SSHStep<Void> {
    // libssh2 reads the key as a C string in places: it must end in NUL, which is not counted.
    let terminated = privateKey.map { CChar(bitPattern: $0) } + [0]
    return step(
      libssh2_userauth_publickey_frommemory(
        session,
        user,
        user.utf8.count,
        nil,
        0,
        terminated,
        privateKey.count,
        nil
      )
    )
  }

  /// A channel for one command.
  func openChannel() -> SSHStep<SSHChannel> { openChannel("session", []) }

  /// A channel to a TCP port, to which the server connects (RFC 4254, 7.2).
  func openChannel(to host: String, port: Int) -> SSHStep<SSHChannel> {
    // Where the connection comes from is for the server's log alone.
    openChannel("direct-tcpip", Self.wire(host) + Self.wire(UInt32(port)) + Self.wire("127.0.0.1") + Self.wire(0))
  }

  private static func wire(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

  private static func wire(_ text: String) -> [UInt8] { wire(UInt32(text.utf8.count)) + Array(text.utf8) }

  /// - Parameter details: what the request says beyond the kind; the same in each repetition.
  private func openChannel(_ kind: String, _ details: [UInt8]) -> SSHStep<SSHChannel> {
    let channel = libssh2_channel_open_ex(
      session,
      kind,
      UInt32(kind.utf8.count),
      Self.windowSize,
      UInt32(LIBSSH2_CHANNEL_PACKET_DEFAULT),
      details.map { CChar(bitPattern: $0) },
      UInt32(details.count)
    )
    if let channel, let number = pipe.confirmedChannel {
      pipe.forgetExit(of: number)
      return .done(SSHChannel(channel: channel, session: session, number: number))
    }
    return libssh2_session_last_errno(session) == LIBSSH2_ERROR_EAGAIN ? .wouldBlock : .failed(lastFailure())
  }

  /// Tells the server that this side is leaving. It goes out with the next flush.
  func disconnect() {
    _ = libssh2_session_disconnect_ex(session, SSH_DISCONNECT_BY_APPLICATION, "done", "")
  }

  func step(_ code: Int32) -> SSHStep<Void> {
    switch code {
    case 0: .done(())
    case LIBSSH2_ERROR_EAGAIN: .wouldBlock
    default: .failed(SSHSession.failure(of: session, code: code))
    }
  }

  func lastFailure() -> SSHLibraryFailure {
    SSHSession.failure(of: session, code: libssh2_session_last_errno(session))
  }

  /// The text that belongs to a code: libssh2 keeps the last one only.
  static func failure(of session: OpaquePointer, code: Int32) -> SSHLibraryFailure {
    var text: UnsafeMutablePointer<CChar>?
    let last = libssh2_session_last_error(session, &text, nil, 0)
    guard last == code, let text else { return SSHLibraryFailure(code: code, text: "") }
    return SSHLibraryFailure(code: code, text: printable(String(cString: text)))
  }

  private func supported(_ method: Int32) -> [String] {
    var list: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    let count = libssh2_session_supported_algs(session, method, &list)
    guard count > 0, let list else { return [] }
    defer { libssh2_free(session, list) }
    return (0..<Int(count)).compactMap { list[$0].map { String(cString: $0) } }
  }
}
