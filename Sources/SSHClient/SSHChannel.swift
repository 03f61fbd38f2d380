internal import CLibSSH2

/// Owns a `LIBSSH2_CHANNEL`: one command on a session.
///
/// The memory belongs to the session: a channel that is not closed in order is freed with its session, and its session
/// is then not used any more.
struct SSHChannel: ~Copyable {
  enum Stream: Int32 {
    case stdout = 0
    case stderr = 1
  }

  private let channel: OpaquePointer
  private let session: OpaquePointer
  /// The number by which the server speaks to this channel.
  let number: UInt32

  /// libssh2 sends at most so many bytes of one call.
  static let largestWrite = 32_700

  init(channel: OpaquePointer, session: OpaquePointer, number: UInt32) {
    self.channel = channel
    self.session = session
    self.number = number
  }

  /// Asks the server to run `command` in the account's shell.
  func run(_ command: String) -> SSHStep<Void> {
    let request = "exec"
    return step(
      libssh2_channel_process_startup(
        channel,
        request,
        UInt32(request.utf8.count),
        command,
        UInt32(command.utf8.count)
      )
    )
  }

  /// Reads what is there of one stream, at most `target.count` bytes. 0 when there is nothing now, or ever again.
  func read(_ stream: Stream, into target: UnsafeMutableRawBufferPointer) -> SSHStep<Int> {
    count(
      libssh2_channel_read_ex(
        channel,
        stream.rawValue,
        target.baseAddress?.assumingMemoryBound(to: CChar.self),
        target.count
      )
    )
  }

  /// Writes to the command's standard input; says how many of the first bytes were taken. After `wouldBlock` the same
  /// bytes must come again: during a new key exchange libssh2 remembers how many there were.
  func write(_ bytes: ArraySlice<UInt8>) -> SSHStep<Int> {
    count(
      bytes.prefix(Self.largestWrite).withUnsafeBytes {
        libssh2_channel_write_ex(channel, 0, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
      }
    )
  }

  /// Ends the command's standard input.
  func sendEnd() -> SSHStep<Void> {
    step(libssh2_channel_send_eof(channel))
  }

  /// The server has ended both streams and everything was read.
  var isAtEnd: Bool { libssh2_channel_eof(channel) == 1 }

  /// Done when the server has closed the channel; only to be asked at the end of the streams.
  func waitClosed() -> SSHStep<Void> {
    step(libssh2_channel_wait_closed(channel))
  }

  /// Closes the channel, waits for the server to do the same, and frees it. Not to be used after `done`.
  func close() -> SSHStep<Void> {
    step(libssh2_channel_free(channel))
  }

  private func step(_ code: Int32) -> SSHStep<Void> {
    switch code {
    case 0: .done(())
    case LIBSSH2_ERROR_EAGAIN: .wouldBlock
    default: .failed(SSHSession.failure(of: session, code: code))
    }
  }

  private func count(_ code: Int) -> SSHStep<Int> {
    switch code {
    case 0...: .done(code)
    case Int(LIBSSH2_ERROR_EAGAIN): .wouldBlock
    default: .failed(SSHSession.failure(of: session, code: Int32(truncatingIfNeeded: code)))
    }
  }
}

extension SSHLibraryFailure {
  /// The server said no to a channel or a command; the session goes on. Any other failure ends it.
  var isRefusalByServer: Bool {
    code == LIBSSH2_ERROR_CHANNEL_FAILURE || code == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED
  }

  /// The server said no to a key or a password, and no more than that.
  var isRefusal: Bool { code == LIBSSH2_ERROR_AUTHENTICATION_FAILED }

  /// The server wants another password before it lets anybody in.
  var isExpiredPassword: Bool { code == LIBSSH2_ERROR_PASSWORD_EXPIRED }

  /// The server did not accept a key or a password, or libssh2 cannot read it; another may be tried.
  var concernsKey: Bool {
    isExpiredPassword
      || [LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED, LIBSSH2_ERROR_FILE].contains(code)
  }
}
