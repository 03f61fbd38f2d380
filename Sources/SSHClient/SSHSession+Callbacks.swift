internal import CLibSSH2

#if canImport(Glibc)
  internal import Glibc
#endif

// The functions that libssh2 calls. Each is handed the session's context, which names the pipe; both live as long as
// the session, and all of it runs inside a call that this side made, on the event loop.

private typealias Abstract = UnsafeMutablePointer<UnsafeMutableRawPointer?>

private func context(_ abstract: Abstract?) -> ssh2_context? {
  abstract?.pointee?.assumingMemoryBound(to: ssh2_context.self).pointee
}

private func pipe(_ pointer: UnsafeMutableRawPointer?) -> SSHPipe? {
  pointer.map { Unmanaged<SSHPipe>.fromOpaque($0).takeUnretainedValue() }
}

/// The pipe of the session that a callback belongs to.
func sessionPipe(_ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> SSHPipe? {
  pipe(context(abstract)?.pipe)
}

/// LIBSSH2_CALLBACK_SEND: always takes everything.
func sendToPipe(
  _: Int32,
  _ bytes: UnsafeRawPointer?,
  _ count: Int,
  _: Int32,
  _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int {
  guard let pipe = pipe(context(abstract)?.pipe) else { return -Int(ECONNRESET) }
  pipe.send(UnsafeRawBufferPointer(start: bytes, count: count))
  return count
}

/// LIBSSH2_CALLBACK_RECV: a negative errno where there is nothing to give.
func receiveFromPipe(
  _: Int32,
  _ target: UnsafeMutableRawPointer?,
  _ count: Int,
  _: Int32,
  _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int {
  guard let context = context(abstract), let pipe = pipe(context.pipe) else { return -Int(ECONNRESET) }
  do throws(SSHPipe.Refusal) {
    return try pipe.receive(into: UnsafeMutableRawBufferPointer(start: target, count: count)) {
      var length = 0
      guard let key = libssh2_session_hostkey(context.session, &length, nil), length > 0 else { return nil }
      return Array(UnsafeRawBufferPointer(start: key, count: length))
    }
  } catch {
    switch error {
    case .wouldBlock: return -Int(EAGAIN)
    case .severed: return -Int(ECONNRESET)
    }
  }
}

/// LIBSSH2_CALLBACK_DISCONNECT: the server says why it goes.
func serverDisconnected(
  _: OpaquePointer?,
  _: Int32,
  _ text: UnsafePointer<CChar>?,
  _ length: Int32,
  _: UnsafePointer<CChar>?,
  _: Int32,
  _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) {
  guard let pipe = pipe(context(abstract)?.pipe), let text, length > 0 else { return }
  pipe.disconnectText = printable(UnsafeRawBufferPointer(start: text, count: Int(length)))
}

/// `message_released` of shim.h.
func messageReleased(_ pointer: UnsafeMutableRawPointer?, _ message: UnsafePointer<UInt8>?, _ length: Int) {
  pipe(pointer)?.released(UnsafeBufferPointer(start: message, count: length))
}
