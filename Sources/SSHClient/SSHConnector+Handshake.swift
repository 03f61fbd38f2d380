extension SSHConnector {
  /// Exchanges keys; the host key was judged before anything encrypted was read. Returns the accepted key.
  /// `types` limits which host keys the server may show; without it those of the expected keys do.
  func exchangeKeys(_ call: SSHCall, ofTypes types: [String]? = nil) async throws(SSHError) -> SSHPublicKey {
    let expected = configuration.hostKeys.keys(for: transport.destination)
    let offered = try offer(SSHAlgorithms.preferred.restricted(toTypes: types ?? expected.map(\.type)))
    call.activity = "waiting for the server's identification and keys"
    do throws(SSHError) {
      try await transport.complete(call) { transport.session.handshake() }
    } catch {
      throw explain(error, offered: offered, expected: expected)
    }
    // Nobody is logged in to a host whose key was not accepted, whatever libssh2 returned.
    guard case .accepted(let key) = transport.pipe.hostKey else {
      throw SSHError(.handshakeFailed, transport.destination, "the server presented no host key")
    }
    return key
  }

  private func offer(_ algorithms: SSHAlgorithms) throws(SSHError) -> SSHAlgorithms {
    switch transport.session.offer(algorithms) {
    case .done(let offered): return offered
    case .wouldBlock: return algorithms
    case .failed(let failure):
      throw SSHError(
        .handshakeFailed,
        transport.destination,
        "libssh2 \(SSHLibrary.version) knows none of \(algorithms.hostKey.joined(separator: ","))",
        library: failure
      )
    }
  }

  /// The failure of a key exchange as its cause: libssh2 says little more than that it failed.
  private func explain(_ error: SSHError, offered: SSHAlgorithms, expected: [SSHPublicKey]) -> SSHError {
    let destination = transport.destination
    let gate = transport.pipe.gate
    switch transport.pipe.hostKey {
    case .rejected(let key):
      return expected.isEmpty
        ? SSHError(unknownHostKey: key, of: destination)
        : SSHError(changedHostKey: key, expected: expected, of: destination)
    case .unreadable(let problem):
      return SSHError(.handshakeFailed, destination, "the server presented a host key that cannot be used: \(problem)")
    case .pending, .accepted:
      break
    }
    if case .violated(let violation) = gate.phase {
      return SSHError(.handshakeFailed, destination, "this is no SSH server: it \(violation)")
    }
    if error.code == .timedOut || error.code == .cancelled { return error }
    if gate.identification == nil {
      let said = gate.preamble.isEmpty ? "" : "; it said: \(printable(gate.preamble))"
      return SSHError(
        .closedBeforeBanner,
        destination,
        "the server closed the connection before it identified itself\(said)",
        nextStep: "if it goes on, look at MaxStartups and the log of sshd on the host"
      )
    }
    if let mismatch = gate.serverAlgorithms?.mismatch(with: offered) {
      return SSHError(
        .handshakeFailed,
        destination,
        mismatch,
        nextStep: "allow one of these in the server's sshd_config",
        library: error.library
      )
    }
    return error
  }
}

extension SSHError {
  init(unknownHostKey key: SSHPublicKey, of destination: SSHDestination) {
    self.init(
      .hostKeyUnknown,
      destination,
      "the host key is not known: it offered \(key)",
      nextStep: "compare the fingerprint on the host's own console (ssh-keygen -lf /etc/ssh/\(key.fileName)); if it is "
        + "the same, add this key: \(key.line)",
      hostKey: .init(offered: key, expected: [])
    )
  }

  init(changedHostKey key: SSHPublicKey, expected: [SSHPublicKey], of destination: SSHDestination) {
    let known = expected.map(\.description).joined(separator: ", ")
    self.init(
      .hostKeyChanged,
      destination,
      "the host key has changed: expected \(known), it offered \(key)",
      nextStep: "somebody may be in between: compare the fingerprint on the host's own console (ssh-keygen -lf "
        + "/etc/ssh/\(key.fileName)); if the host was set up anew, replace the old key by: \(key.line)",
      hostKey: .init(offered: key, expected: expected)
    )
  }
}

extension SSHPublicKey {
  /// What OpenSSH calls the file of a host key of this type, below /etc/ssh.
  public var fileName: String {
    switch type {
    case "ssh-ed25519": "ssh_host_ed25519_key.pub"
    case "ssh-rsa": "ssh_host_rsa_key.pub"
    default: "ssh_host_ecdsa_key.pub"
    }
  }
}
