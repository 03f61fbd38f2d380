internal import CLibSSH2

extension SSHSession {
  /// Logs in with a key whose private half is elsewhere. Would block once the server has accepted the key: then the pipe
  /// has what is to be signed, and the same call goes on when it was given the signature.
  func authenticate(user: String, publicKey: SSHPublicKey) -> SSHStep<Void> {
    step(
      libssh2_userauth_publickey(
        session, user, publicKey.blob, publicKey.blob.count, signElsewhere, libssh2_session_abstract(session)))
  }
}

/// LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC: asks for the signature, and hands it on once it is there. libssh2 calls it
/// again after EAGAIN, with the same data.
private func signElsewhere(
  _: OpaquePointer?,
  _ signature: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ length: UnsafeMutablePointer<Int>?,
  _ data: UnsafePointer<UInt8>?,
  _ count: Int,
  _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard let pipe = sessionPipe(abstract), let signature, let length, let data else { return -1 }
  switch pipe.signing.next(Array(UnsafeBufferPointer(start: data, count: count))) {
  case .wait: return LIBSSH2_ERROR_EAGAIN
  case .refuse: return -1
  case .give(let bytes):
    // libssh2 frees it, with the session's own function.
    guard let copy = ssh2_allocate(bytes.count, abstract) else { return -1 }
    copy.copyMemory(from: bytes, byteCount: bytes.count)
    signature.pointee = copy.assumingMemoryBound(to: UInt8.self)
    length.pointee = bytes.count
    return 0
  }
}

/// A signature on its way between libssh2, which calls for it in the middle of a log-in, and whoever makes it, which takes
/// its time.
struct SSHSigning {
  private enum State {
    case idle
    case asked([UInt8])
    case answered([UInt8]?)
  }

  enum Action: Equatable {
    case wait
    case give([UInt8])
    case refuse
  }

  private var state = State.idle

  /// What libssh2 is told.
  mutating func next(_ data: [UInt8]) -> Action {
    switch state {
    case .idle, .asked:
      state = .asked(data)
      return .wait
    case .answered(let signature):
      state = .idle
      return signature.map { .give($0) } ?? .refuse
    }
  }

  /// What is to be signed now, if anything.
  var wanted: [UInt8]? {
    if case .asked(let data) = state { data } else { nil }
  }

  /// Nil: there will be none.
  mutating func answer(_ signature: [UInt8]?) {
    state = .answered(signature)
  }
}
