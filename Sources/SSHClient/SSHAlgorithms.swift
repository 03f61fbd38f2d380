/// The algorithms that a connection offers, the preferred ones first.
///
/// libssh2 1.10 has neither AES-GCM nor ChaCha20 nor encrypt-then-MAC; AES-CTR with HMAC-SHA-2 is the strongest that it
/// shares with every OpenSSH of the last ten years. It is not open to the Terrapin attack, which needs ChaCha20 or CBC.
struct SSHAlgorithms: Equatable {
  var keyExchange: [String]
  var hostKey: [String]
  var cipher: [String]
  var mac: [String]

  /// Everything that fleetd would use if both sides knew it.
  static let preferred = SSHAlgorithms(
    keyExchange: [
      "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
      "ecdh-sha2-nistp521",
    ],
    hostKey: SSHPublicKey.supportedTypes.flatMap(signatures(ofKeyType:)),
    cipher: ["aes128-ctr", "aes256-ctr", "aes192-ctr"],
    mac: ["hmac-sha2-256", "hmac-sha2-512"]
  )

  /// The same, with exactly the host key types that are expected. Without this a server picks the type that the client
  /// prefers, and a host whose Ed25519 key is pinned looks changed because it showed its ECDSA key.
  /// An unknown host (no expected key) is offered all types, so that the error can show its fingerprint.
  func restricted(toTypes expected: [String]) -> SSHAlgorithms {
    guard !expected.isEmpty else { return self }
    let allowed = Set(expected.flatMap(Self.signatures(ofKeyType:)))
    var restricted = self
    restricted.hostKey = hostKey.filter(allowed.contains)
    return restricted
  }

  /// The names under which a key of one type signs: an RSA key has three (RFC 8332), the others one.
  static func signatures(ofKeyType type: String) -> [String] {
    type == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [type]
  }
}

/// The part of a server's SSH_MSG_KEXINIT (RFC 4253 section 7.1) that decides whether the two sides can talk.
struct SSHServerAlgorithms: Equatable {
  let algorithms: SSHAlgorithms

  /// Nil when the message is malformed. `payload` begins with the message number.
  init?(kexInitPayload payload: some Sequence<UInt8>) {
    var reader = WireReader(payload)
    // Message number and cookie come first.
    guard reader.take(17) != nil, let keyExchange = reader.nameList(), let hostKey = reader.nameList(),
      let cipher = reader.nameList(), reader.nameList() != nil, let mac = reader.nameList()
    else { return nil }
    algorithms = SSHAlgorithms(keyExchange: keyExchange, hostKey: hostKey, cipher: cipher, mac: mac)
  }

  /// The first kind of algorithm in which nothing is shared: `no common cipher: the server offers …, this side …`.
  func mismatch(with offered: SSHAlgorithms) -> String? {
    let kinds: [(String, KeyPath<SSHAlgorithms, [String]>)] = [
      ("key exchange", \.keyExchange), ("host key type", \.hostKey), ("cipher", \.cipher), ("MAC", \.mac),
    ]
    for (kind, list) in kinds where Set(algorithms[keyPath: list]).isDisjoint(with: offered[keyPath: list]) {
      let theirs = printable(algorithms[keyPath: list].joined(separator: ","), limit: 400)
      let ours = offered[keyPath: list].joined(separator: ",")
      return "no common \(kind): the server offers \(theirs.isEmpty ? "nothing" : theirs), this side \(ours)"
    }
    return nil
  }
}
