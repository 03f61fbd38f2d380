public import NIOCore

extension SSHConnection {
  /// All keys that a host shows and that can be pinned, the preferred type first; nobody logs in.
  ///
  /// What is returned is what whoever answers at that address *claims*, proven by its signature but vouched for by
  /// nobody: compare `fingerprint` with the host's own console before it is trusted. Types that this libssh2 cannot
  /// verify are left out: RSA keys need 1.11 where the server wants SHA-2.
  ///
  /// - Parameters:
  ///   - jump: the bastion to go through, which must be entered for it.
  ///   - deadline: of each handshake; there is one for each type of key, at most five.
  public static func hostKeys(
    of destination: SSHDestination,
    through jump: SSHJump? = nil,
    deadline: Duration = .seconds(10),
    on group: any EventLoopGroup
  ) async throws(SSHError) -> [SSHPublicKey] {
    if let problem = destination.problem { throw SSHError(.invalidArgument, destination, problem) }
    // No key is expected, so that every key ends the handshake: before anything encrypted is read.
    let configuration = SSHConfiguration(
      hostKeys: .pinned([]), identities: [], connectDeadline: deadline, jump: jump)
    var keys: [SSHPublicKey] = []
    var waiting = SSHPublicKey.supportedTypes
    while !waiting.isEmpty {
      let types = waiting
      let shown = try await configuration.reaching(destination, on: group.next()) { connector throws(SSHError) in
        try await connector.presentedHostKey(ofTypes: types)
      }
      if !keys.contains(shown.key) { keys.append(shown.key) }
      // The first handshake says which other types are worth one.
      waiting = waiting.filter { $0 != shown.key.type && shown.commonTypes.contains($0) }
    }
    let order = SSHPublicKey.supportedTypes
    return keys.sorted { order.firstIndex(of: $0.type) ?? 0 < order.firstIndex(of: $1.type) ?? 0 }
  }
}

/// A key that a host presented, and the types of which it could show one that this side can verify.
struct SSHPresentedHostKey {
  let key: SSHPublicKey
  let commonTypes: [String]
}

extension SSHConnector {
  /// Connects as far as the host's key of one of `types`, and leaves.
  func presentedHostKey(ofTypes types: [String]) async throws(SSHError) -> SSHPresentedHostKey {
    defer { transport.finish(.discarded("only the host key was asked for")) }
    return try await transport.withCall("asking for the host key", deadline: configuration.connectDeadline) {
      call throws(SSHError) in
      try await self.dial(call)
      do throws(SSHError) {
        _ = try await self.exchangeKeys(call, ofTypes: types)
        throw SSHError(.handshakeFailed, self.transport.destination, "the server presented no host key")
      } catch {
        guard error.code == .hostKeyUnknown, let key = error.hostKey?.offered else { throw error }
        return SSHPresentedHostKey(key: key, commonTypes: self.commonHostKeyTypes)
      }
    }
  }

  /// The key types that both sides can use, once the server has said which it has.
  private var commonHostKeyTypes: [String] {
    let theirs = Set(transport.pipe.gate.serverAlgorithms?.algorithms.hostKey ?? [])
    let ours = theirs.intersection(transport.session.supportedHostKeyAlgorithms)
    return SSHPublicKey.supportedTypes.filter { !ours.isDisjoint(with: SSHAlgorithms.signatures(ofKeyType: $0)) }
  }
}
