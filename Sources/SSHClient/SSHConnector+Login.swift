extension SSHConnector {
  /// Logs in with the first key that the server accepts, and where it accepts none, with the password.
  func logIn(_ call: SSHCall, with credentials: SSHCredentials) async throws(SSHError) {
    var refused: [String] = []
    var method: SSHPasswordMethod?
    if credentials.password != nil {
      // Asked before the keys: sshd counts the question as a failure when it comes later.
      call.activity = "asking how to log in"
      switch try await transport.complete(call, { transport.session.authenticationMethods(user: user) }) {
      case .none: return
      case .some(let names):
        method = SSHPasswordMethod(offered: names)
        if method == nil {
          refused.append("the server takes no password, but \(printable(names.joined(separator: ", ")))")
        }
      }
    }
    for key in credentials.triedKeys {
      call.activity = "logging in with \(key.name)"
      guard let problem = try await attempt(call, key) else {
        transport.identity = key.name
        return
      }
      refused.append(problem)
      if let text = transport.pipe.disconnectText {
        throw notAccepted(refused + ["the server said: \(text)"])
      }
    }
    let untried = credentials.keys.count - credentials.triedKeys.count
    if untried > 0 {
      refused.append(
        "\(untried) more were not tried, as a server ends the connection after too many: name the right one first")
    }
    refused += credentials.problems.map(\.text)
    guard let password = credentials.password, let method else { throw notAccepted(refused) }
    try await logIn(call, with: password, method, refused)
  }

  private var user: String { transport.destination.user }

  private func logIn(
    _ call: SSHCall, with password: SSHPassword, _ method: SSHPasswordMethod, _ refused: [String]
  ) async throws(SSHError) {
    call.activity = "waiting for a password"
    guard let bytes = await transport.withoutDeadline(call, { await password.bytes() }), !bytes.isEmpty else {
      throw notAccepted(refused + ["no password was given"])
    }
    guard !bytes.contains(0), bytes.count <= 1024 else {
      throw SSHError(.identityUnusable, transport.destination, "the password is too long, or holds NUL")
    }
    call.activity = "logging in with the password"
    let failure: SSHLibraryFailure?
    switch method {
    case .password:
      failure = try await attempt(call) { transport.session.authenticate(user: user, password: bytes) }
    case .keyboardInteractive:
      transport.pipe.preparePromptAnswer(bytes)
      // Not left behind when the server asked something else.
      defer { _ = transport.pipe.takePromptAnswer() }
      failure = try await attempt(call) { transport.session.authenticateInteractively(user: user) }
    }
    guard let failure else {
      transport.identity = "the password"
      return
    }
    throw SSHError(
      .authenticationFailed,
      transport.destination,
      (["the server did not accept the password"] + refused).joined(separator: "; "),
      nextStep: failure.isExpiredPassword ? "the password has expired: log in by hand and change it" : nil,
      library: failure
    )
  }

  private func notAccepted(_ refused: [String]) -> SSHError {
    SSHError(
      .authenticationFailed,
      transport.destination,
      "the server accepted none of the keys: " + refused.joined(separator: "; "),
      nextStep: "add the public key to authorized_keys of \(printable(user))"
    )
  }

  /// Nil when the server accepted the key; otherwise why it did not, or why the key could not be used.
  private func attempt(_ call: SSHCall, _ key: SSHPrivateKey) async throws(SSHError) -> String? {
    let failure: SSHLibraryFailure?
    switch (key.signer, key.publicKey) {
    case (.file(let bytes), _):
      failure = try await attempt(call) { transport.session.authenticate(user: user, privateKey: bytes) }
    case (_, let publicKey?):
      transport.pipe.signing = SSHSigning()
      var problem: SSHIdentityProblem?
      failure = try await attempt(
        call, { transport.session.authenticate(user: user, publicKey: publicKey) },
        meanwhile: { () async throws(SSHError) in
          guard let data = transport.pipe.signing.wanted else { return false }
          do throws(SSHIdentityProblem) {
            let agent = try await self.agent(of: key, call)
            call.activity = "waiting for \(agent.name)"
            transport.pipe.signing.answer(try await agent.signature(of: data, by: publicKey))
          } catch {
            problem = error
            transport.pipe.signing.answer(nil)
          }
          return true
        })
      if let problem { return problem.text }
    case (_, nil):
      return "\(key.name): its public key is not known"
    }
    return failure.map { $0.isRefusal ? key.name : "\(key.name): \($0)" }
  }

  /// Whoever signs for a key that libssh2 was not given.
  private func agent(of key: SSHPrivateKey, _ call: SSHCall) async throws(SSHIdentityProblem) -> SSHAgent {
    switch key.signer {
    case .agent(let agent): return agent
    case .file: throw SSHIdentityProblem(text: "\(key.name): no agent holds it")
    case .passphrase(let passphrase):
      call.activity = "waiting for the passphrase of \(key.name)"
      return try await transport.withoutDeadline(call) { () async throws(SSHIdentityProblem) in
        try await passphrase.agent()
      }
    }
  }

  /// Repeats a step until the server has answered; nil when it accepted.
  ///
  /// - Parameter meanwhile: does what the step waits for besides the server; false when that is nothing.
  private func attempt(
    _ call: SSHCall, _ step: () -> SSHStep<Void>,
    meanwhile: () async throws(SSHError) -> Bool = { false }
  ) async throws(SSHError) -> SSHLibraryFailure? {
    while true {
      call.look()
      try transport.check(call)
      switch transport.perform(step) {
      case .done: return nil
      case .failed(let failure) where failure.concernsKey: return failure
      case .failed(let failure): throw transport.error(for: failure, call)
      case .wouldBlock:
        if try await !meanwhile() { try await transport.change(call) }
      }
    }
  }
}

/// How a server takes a password.
enum SSHPasswordMethod {
  case password
  case keyboardInteractive

  /// Nil: it takes none. Only one of the two is ever used, so that a wrong password counts once.
  init?(offered names: [String]) {
    if names.contains("password") {
      self = .password
    } else if names.contains("keyboard-interactive") {
      self = .keyboardInteractive
    } else {
      return nil
    }
  }
}
