/// Watches the part of a connection that is not encrypted yet, and hands it on one message at a time.
///
/// One at a time, so that the host key can be judged as soon as it was received: nothing of the encrypted part reaches
/// libssh2 before. On the way the gate keeps what an error message wants to say: the server's identification, what it
/// said instead of one, and which algorithms it offers.
struct SSHHandshakeGate {
  enum Phase: Equatable {
    /// Waiting for the line that begins with `SSH-`.
    case identification
    /// Packets in clear text, up to SSH_MSG_NEWKEYS.
    case keyExchange
    /// Everything after; passed on unseen.
    case encrypted
    /// The peer broke a rule of the protocol: what it did.
    case violated(String)
  }

  private(set) var phase: Phase = .identification
  /// The server's identification line, `SSH-2.0-OpenSSH_9.2p1 …`.
  private(set) var identification: String?
  /// The beginning of what the server sent instead of an identification: sshd says here that it is full.
  var preamble: [UInt8] { phase == .identification ? linesBefore + current : linesBefore }
  private(set) var serverAlgorithms: SSHServerAlgorithms?

  /// The bytes of the current line or packet that were handed on already.
  private var current: [UInt8] = []
  private var linesBefore: [UInt8] = []
  private var preambleLength = 0

  /// RFC 4253 allows lines before the identification and sets no bound; OpenSSH's client stops after 64 KiB or so.
  private static let longestPreamble = 64 << 10
  /// libssh2 takes packets of up to 40,000 bytes.
  private static let longestPacket: UInt32 = 40_000

  private enum Message {
    static let kexInit: UInt8 = 20
    static let newKeys: UInt8 = 21
  }

  /// How many of the first bytes of `available` may be handed on now: up to the end of the current line or packet.
  /// Call it with what is to be consumed; 0 means that the peer broke a rule (`phase` says which) or sent nothing.
  mutating func admit(_ available: some Collection<UInt8>) -> Int {
    switch phase {
    case .encrypted: available.count
    case .violated: 0
    case .identification: admitLine(available)
    case .keyExchange: admitPacket(available)
    }
  }

  private mutating func admitLine(_ available: some Collection<UInt8>) -> Int {
    var admitted = 0
    for byte in available {
      admitted += 1
      preambleLength += 1
      current.append(byte)
      guard preambleLength <= Self.longestPreamble else {
        phase = .violated("sent \(Self.longestPreamble) bytes without an SSH identification")
        return 0
      }
      if byte == UInt8(ascii: "\n") {
        let isIdentification = current.starts(with: Array("SSH-".utf8))
        if isIdentification {
          identification = printable(current.filter { $0 != 13 && $0 != 10 })
          phase = .keyExchange
        } else if linesBefore.count < 1024 {
          linesBefore += current
        }
        current = []
        if isIdentification { return admitted }
      }
    }
    return admitted
  }

  private mutating func admitPacket(_ available: some Collection<UInt8>) -> Int {
    let before = current.count
    current += available.prefix(max(0, 4 - before))
    var admitted = current.count - before
    guard current.count >= 4 else { return admitted }

    let length = current.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    // The smallest packet holds the length of its padding and a message number.
    guard length >= 2, length <= Self.longestPacket else {
      phase = .violated("sent a packet of \(length) bytes")
      return 0
    }
    let missing = 4 + Int(length) - current.count
    current += available.dropFirst(admitted).prefix(missing)
    admitted = current.count - before
    if current.count == 4 + Int(length) { finishPacket() }
    return admitted
  }

  private mutating func finishPacket() {
    let payload = current.dropFirst(5)
    switch payload.first {
    case Message.kexInit: serverAlgorithms = SSHServerAlgorithms(kexInitPayload: payload)
    case Message.newKeys: phase = .encrypted
    default: break
    }
    current = []
  }
}
