import Testing

@testable import SSHClient

@Suite("the unencrypted part of a connection")
struct SSHHandshakeGateTests {
  private static let identification = Array("SSH-2.0-OpenSSH_9.2p1 Debian\r\n".utf8)

  /// A packet with four bytes of padding.
  private func packet(_ payload: [UInt8]) -> [UInt8] {
    let length = UInt32(payload.count + 5)
    return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + [4] + payload + [0, 0, 0, 0]
  }

  private func nameList(_ names: String) -> [UInt8] {
    [0, 0, UInt8(names.utf8.count >> 8), UInt8(names.utf8.count & 255)] + Array(names.utf8)
  }

  private func kexInit(hostKey: String, cipher: String = "aes128-ctr") -> [UInt8] {
    packet(
      [20] + [UInt8](repeating: 7, count: 16)
        + ["curve25519-sha256", hostKey, cipher, cipher, "hmac-sha2-256", "hmac-sha2-256"].flatMap(nameList))
  }

  /// Feeds all bytes as far as they are admitted; returns the sizes of the pieces.
  private func feed(_ gate: inout SSHHandshakeGate, _ bytes: [UInt8], chunk: Int = .max) -> [Int] {
    var rest = bytes[...]
    var pieces: [Int] = []
    while !rest.isEmpty {
      let admitted = gate.admit(rest.prefix(chunk))
      pieces.append(admitted)
      if admitted == 0 { break }
      rest.removeFirst(admitted)
    }
    return pieces
  }

  @Test("lines and packets are handed on one at a time until the keys change")
  func oneAtATime() {
    var gate = SSHHandshakeGate()
    let hello = Array("hello\n".utf8)
    let first = kexInit(hostKey: "ssh-ed25519"), reply = packet([31, 1, 2, 3]), newKeys = packet([21])
    let encrypted = [UInt8](repeating: 9, count: 1000)
    let pieces = feed(&gate, hello + Self.identification + first + reply + newKeys + encrypted)
    #expect(
      pieces == [hello.count + Self.identification.count, first.count, reply.count, newKeys.count, encrypted.count])
    #expect(gate.phase == .encrypted)
    #expect(gate.identification == "SSH-2.0-OpenSSH_9.2p1 Debian")
    #expect(gate.serverAlgorithms?.algorithms.hostKey == ["ssh-ed25519"])
    #expect(String(decoding: gate.preamble, as: UTF8.self) == "hello\n")
  }

  @Test("the pieces in which the bytes arrive make no difference", arguments: [1, 2, 3, 5, 64])
  func pieces(_ chunk: Int) {
    var gate = SSHHandshakeGate()
    let bytes = Self.identification + kexInit(hostKey: "ssh-ed25519,ssh-rsa") + packet([21]) + [1, 2, 3]
    let pieces = feed(&gate, bytes, chunk: chunk)
    #expect(pieces.reduce(0, +) == bytes.count)
    #expect(gate.phase == .encrypted)
    #expect(gate.serverAlgorithms?.algorithms.hostKey == ["ssh-ed25519", "ssh-rsa"])
  }

  @Test(
    "a packet of an impossible length stops the connection",
    arguments: [[0, 0, 0, 0], [0, 0, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0x9C, 0x41]] as [[UInt8]])
  func impossibleLength(_ header: [UInt8]) {
    var gate = SSHHandshakeGate()
    let pieces = feed(&gate, Self.identification + header + [1, 2, 3])
    #expect(pieces.last == 0)
    guard case .violated = gate.phase else { return #expect(Bool(false), "phase is \(gate.phase)") }
    let more = gate.admit([1, 2, 3])
    #expect(more == 0)
  }

  @Test("a line without end stops the connection")
  func endlessLine() {
    var gate = SSHHandshakeGate()
    let pieces = feed(&gate, [UInt8](repeating: 65, count: 100_000))
    #expect(pieces.last == 0)
    guard case .violated = gate.phase else { return #expect(Bool(false), "phase is \(gate.phase)") }
    #expect(gate.preamble.count <= 64 << 10 + 1)
  }

  @Test("a malformed list of algorithms is no list")
  func malformedKexInit() {
    for length in 0..<30 {
      var gate = SSHHandshakeGate()
      _ = feed(&gate, Self.identification + packet([20] + [UInt8](repeating: 0xFF, count: length)))
      #expect(gate.serverAlgorithms == nil)
    }
  }

  @Test("the first kind of algorithm without a common one is named with both lists")
  func mismatch() throws {
    var gate = SSHHandshakeGate()
    _ = feed(&gate, Self.identification + kexInit(hostKey: "ssh-rsa\u{7E}", cipher: "3des-cbc"))
    let server = try #require(gate.serverAlgorithms)
    var offered = SSHAlgorithms.preferred
    offered.hostKey = ["ssh-ed25519"]
    #expect(
      server.mismatch(with: offered) == "no common host key type: the server offers ssh-rsa~, this side ssh-ed25519")
    offered.hostKey = ["ssh-rsa~"]
    #expect(
      server.mismatch(with: offered)?.hasPrefix("no common cipher: the server offers 3des-cbc, this side aes128-ctr")
        == true)
    offered.cipher = ["3des-cbc"]
    #expect(server.mismatch(with: offered) == nil)
  }

  @Test("exactly the types of the expected keys are offered")
  func restriction() throws {
    let key = try SSHPublicKey(authorizedKeysLine: SSHPublicKeyTests.line)
    #expect(SSHAlgorithms.preferred.restricted(toTypes: [key.type]).hostKey == ["ssh-ed25519"])
    #expect(SSHAlgorithms.preferred.restricted(toTypes: []) == .preferred)
    #expect(SSHAlgorithms.signatures(ofKeyType: "ssh-rsa").first == "rsa-sha2-512")
  }
}
