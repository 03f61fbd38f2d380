/// The messages of the agent protocol (draft-ietf-sshm-ssh-agent) that a client needs: what is asked, and what may be
/// believed of the answer.
enum SSHAgentMessage {
  /// OpenSSH's own bound for a message, in bytes.
  static let largest = 256 << 10

  private enum Number {
    static let failure: UInt8 = 5
    static let requestIdentities: UInt8 = 11
    static let identitiesAnswer: UInt8 = 12
    static let signRequest: UInt8 = 13
    static let signResponse: UInt8 = 14
  }

  static let requestIdentities: [UInt8] = [Number.requestIdentities]

  /// An identity as an agent lists it: any type of key, also one that cannot be used here.
  struct Identity: Equatable {
    let blob: [UInt8]
    let comment: String

    /// The name of its type; nil when the blob has none.
    var type: String? {
      var reader = WireReader(blob)
      return reader.name()
    }
  }

  /// Nil when the answer is malformed.
  static func identities(in answer: [UInt8]) -> [Identity]? {
    var reader = WireReader(answer)
    guard reader.byte() == Number.identitiesAnswer, let count = reader.uint32() else { return nil }
    var identities: [Identity] = []
    for _ in 0..<count {
      guard let blob = reader.string(), let comment = reader.string() else { return nil }
      identities.append(Identity(blob: Array(blob), comment: printable(comment, limit: 80)))
    }
    return reader.isAtEnd ? identities : nil
  }

  /// `data` is what libssh2 wants signed for a log-in (RFC 4252 section 7); it says under which name. RSA keys have
  /// three, and the agent must be told which.
  static func signRequest(_ data: [UInt8], with key: SSHPublicKey) -> [UInt8] {
    let flags: UInt32 =
      switch algorithm(of: data) {
      case "rsa-sha2-256": 2
      case "rsa-sha2-512": 4
      default: 0
      }
    return [Number.signRequest] + string(key.blob) + string(data) + bigEndian(flags)
  }

  /// The signature without the name of its algorithm, as libssh2 wants it; nil when the agent refused, or answered with
  /// something else than was asked for.
  static func signature(in answer: [UInt8], of data: [UInt8]) -> [UInt8]? {
    var reader = WireReader(answer)
    guard reader.byte() == Number.signResponse, let blob = reader.string(), reader.isAtEnd else { return nil }
    var signature = WireReader(blob)
    guard let name = signature.name(), name == algorithm(of: data), let bytes = signature.string(), signature.isAtEnd,
      !bytes.isEmpty, bytes.count <= 4096
    else { return nil }
    return Array(bytes)
  }

  static func isFailure(_ answer: [UInt8]) -> Bool { answer == [Number.failure] }

  /// The name of the signature in an authentication request.
  private static func algorithm(of data: [UInt8]) -> String? {
    var reader = WireReader(data)
    // Session, message number, user, service, method, whether a signature follows.
    guard reader.string() != nil, reader.byte() != nil, reader.string() != nil, reader.string() != nil,
      reader.string() != nil, reader.byte() != nil
    else { return nil }
    return reader.name()
  }

  private static func string(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt32(bytes.count)) + bytes }

  static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
