/// How far a log-in came without a person.
enum SSHLogin: Sendable {
  case done
  case needsPassword(SSHPasswordRequest)
}

/// A server that accepted no key and takes a password.
struct SSHPasswordRequest: Sendable {
  enum Method: Sendable {
    case password
    case keyboardInteractive
  }

  let password: SSHPassword
  let method: Method
  /// Why no key was accepted, for messages.
  let refused: [String]
}

extension SSHConnector {
  /// Logs in with the first key that the server accepts; where it accepts none, says whether a password may do.
  func logIn(_ call: SSHCall, with credentials: SSHCredentials) async throws(SSHError) -> SSHLogin {
    let user = transport.destination.user
    var method: SSHPasswordRequest.Method?
    var refused: [String] = []
    if credentials.password != nil {
      // Asked before the keys: sshd counts the question as a failure when it comes later.
      switch try await transport.complete(call, { transport.session.authenticationMethods(user: user) }) {
      case .none: return .done
      case .some(let names):
        method = names.contains("password") ? .password : nil
        if method == nil, names.contains("keyboard-interactive") { method = .keyboardInteractive }
        if method == nil {
          refused.append("the server takes no password, but \(printable(names.joined(separator: ", ")))")
        }
      }
    }
    for key in credentials.keys {
      call.activity = "logging in with \(key.name)"
      switch try await attempt(call, { transport.session.authenticate(user: user, privateKey: key.bytes) }) {
      case nil: return .done
      case let failure?: refused.append("\(key.name): \(failure)")
      }
      if let text = transport.pipe.disconnectText {
        refused.append("the server said: \(text)")
        method = nil
        break
      }
    }
    refused += credentials.problems.map(\.text)
    guard let password = credentials.password, let method else { throw notAccepted(refused) }
    return .needsPassword(SSHPasswordRequest(password: password, method: method, refused: refused))
  }

  /// Asks for the password, for as long as that takes.
  func password(for request: SSHPasswordRequest) async throws(SSHError) -> [UInt8] {
    guard let bytes = await request.password.bytes(), !bytes.isEmpty else {
      throw notAccepted(request.refused + ["no password was given"])
    }
    guard !bytes.contains(0), bytes.count <= 1024 else {
      throw SSHError(.identityUnusable, transport.destination, "the password is too long, or holds NUL")
    }
    return bytes
  }

  /// Sends the password: once.
  func logIn(_ call: SSHCall, with password: [UInt8], _ request: SSHPasswordRequest) async throws(SSHError) {
    let user = transport.destination.user
    let failure: SSHLibraryFailure?
    switch request.method {
    case .password:
      failure = try await attempt(call) { transport.session.authenticate(user: user, password: password) }
    case .keyboardInteractive:
      transport.pipe.preparePromptAnswer(password)
      // Not left behind when the server asked something else.
      defer { _ = transport.pipe.takePromptAnswer() }
      failure = try await attempt(call) { transport.session.authenticateInteractively(user: user) }
    }
    guard let failure else { return }
    throw SSHError(
      .authenticationFailed,
      transport.destination,
      (["the server did not accept the password"] + request.refused).joined(separator: "; "),
      nextStep: failure.isExpiredPassword ? "the password has expired: log in by hand and change it" : nil,
      library: failure
    )
  }

  private func notAccepted(_ refused: [String]) -> SSHError {
    SSHError(
      .authenticationFailed,
      transport.destination,
      "the server accepted none of the keys: " + refused.joined(separator: "; "),
      nextStep: "add the public key to authorized_keys of \(printable(transport.destination.user))"
    )
  }

  /// Nil when the server accepted the proof; otherwise why it did not, or why a key could not be used.
  private func attempt(
    _ call: SSHCall, _ step: () -> SSHStep<Void>
  ) async throws(SSHError) -> SSHLibraryFailure? {
    while true {
      call.look()
      try transport.check(call)
      switch transport.perform(step) {
      case .done: return nil
      case .failed(let failure) where failure.concernsKey: return failure
      case .failed(let failure): throw transport.error(for: failure, call)
      case .wouldBlock: try await transport.change(call)
      }
    }
  }
}
