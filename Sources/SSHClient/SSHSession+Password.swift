internal import CLibSSH2

/// What a server would accept as a proof of who logs in.
enum SSHAuthenticationMethods: Sendable, Equatable {
  /// Nothing more: the account needs no proof at all.
  case none
  /// The names of RFC 4252: `publickey`, `password`, `keyboard-interactive`.
  case some([String])
}

extension SSHSession {
  /// Asks what the server accepts. The question is the method `none`, which sshd does not count as a failure when it
  /// comes first.
  func authenticationMethods(user: String) -> SSHStep<SSHAuthenticationMethods> {
    if let list = libssh2_userauth_list(session, user, UInt32(user.utf8.count)) {
      return .done(.some(String(cString: list).split(separator: ",").map(String.init)))
    }
    if libssh2_userauth_authenticated(session) == 1 { return .done(.none) }
    return libssh2_session_last_errno(session) == LIBSSH2_ERROR_EAGAIN ? .wouldBlock : .failed(lastFailure())
  }

  /// Logs in with the method `password`. A password holds no NUL.
  func authenticate(user: String, password: [UInt8]) -> SSHStep<Void> {
    let code = password.withUnsafeBytes { bytes in
      libssh2_userauth_password_ex(
        session, user, UInt32(user.utf8.count), bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
        UInt32(bytes.count), nil)
    }
    return step(code)
  }

  /// Logs in with the method `keyboard-interactive`, if the server asks exactly one hidden question; that answer must
  /// stand in the pipe.
  func authenticateInteractively(user: String) -> SSHStep<Void> {
    step(libssh2_userauth_keyboard_interactive_ex(session, user, UInt32(user.utf8.count), answerPrompts))
  }
}

/// LIBSSH2_USERAUTH_KBDINT_RESPONSE_FUNC: answers one hidden question once; everything else with nothing, so that a
/// password is never typed into a question that shows it, nor twice.
private func answerPrompts(
  _: UnsafePointer<CChar>?,
  _: Int32,
  _: UnsafePointer<CChar>?,
  _: Int32,
  _ count: Int32,
  _ prompts: UnsafePointer<LIBSSH2_USERAUTH_KBDINT_PROMPT>?,
  _ responses: UnsafeMutablePointer<LIBSSH2_USERAUTH_KBDINT_RESPONSE>?,
  _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) {
  guard count == 1, let prompts, prompts[0].echo == 0, let responses, let pipe = sessionPipe(abstract),
    let answer = pipe.takePromptAnswer(),
    // libssh2 frees it, with the session's own function.
    let text = ssh2_allocate(answer.count, abstract)
  else { return }
  text.copyMemory(from: answer, byteCount: answer.count)
  responses[0].text = text.assumingMemoryBound(to: CChar.self)
  responses[0].length = UInt32(answer.count)
}
