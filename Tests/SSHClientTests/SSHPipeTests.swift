import NIOCore
import Testing

@testable import SSHClient

@Suite("the bytes between the socket and libssh2")
struct SSHPipeTests {
  private func message(_ number: UInt8, channel: UInt8, _ kind: String, _ rest: [UInt8]) -> [UInt8] {
    [number, 0, 0, 0, channel, 0, 0, 0, UInt8(kind.utf8.count)] + Array(kind.utf8) + [0] + rest
  }

  @Test("exit statuses and signals are read from the messages that libssh2 is done with")
  func exits() {
    let pipe = SSHPipe(expectedKeys: [])
    pipe.released(message(98, channel: 3, "exit-status", [0, 0, 0, 7]))
    pipe.released(message(98, channel: 4, "exit-signal", [0, 0, 0, 4] + Array("KILL".utf8)))
    #expect(pipe.exits == [3: .status(7), 4: .signal("KILL")])
    pipe.forgetExit(of: 3)
    #expect(pipe.exits == [4: .signal("KILL")])
  }

  @Test("what only looks like such a message is passed over")
  func lookalikes() {
    let pipe = SSHPipe(expectedKeys: [])
    let whole = message(98, channel: 1, "exit-status", [0, 0, 0, 7])
    for length in 0..<whole.count { pipe.released(whole.prefix(length)) }
    pipe.released(message(98, channel: 1, "exit-statu\u{1}", [0, 0, 0, 7]))
    pipe.released(message(98, channel: 1, "exit-signal", [0xFF, 0xFF, 0xFF, 0xFF] + Array("KILL".utf8)))
    pipe.released(message(99, channel: 1, "exit-status", [0, 0, 0, 7]))
    pipe.released([UInt8](repeating: 98, count: 300))
    #expect(pipe.exits == [:])
  }

  @Test("a severed pipe gives nothing, takes nothing, and says so")
  func severed() {
    let pipe = SSHPipe(expectedKeys: [])
    pipe.inbound.writeString("SSH-2.0-x\r\n")
    pipe.sever()
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { target in
      let refusal = #expect(throws: SSHPipe.Refusal.self) { try pipe.receive(into: target) { nil } }
      #expect(refusal == .severed)
    }
    [UInt8](repeating: 1, count: 4).withUnsafeBytes { pipe.send($0) }
    #expect(pipe.outbound.readableBytes == 0)
  }

  @Test("a peer that does not read what it asked for is not read any further")
  func congestion() {
    let pipe = SSHPipe(expectedKeys: [])
    pipe.inbound.writeString("SSH-2.0-x\r\n")
    pipe.outbound.writeRepeatingByte(0, count: 1 << 20 + 1)
    withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { target in
      let refusal = #expect(throws: SSHPipe.Refusal.self) { try pipe.receive(into: target) { nil } }
      #expect(refusal == .wouldBlock)
      pipe.outbound.clear()
      #expect((try? pipe.receive(into: target) { nil }) == 11)
    }
  }

  @Test("nothing is handed on after a key that nobody expects")
  func rejectedKey() throws {
    let key = try SSHPublicKey(authorizedKeysLine: SSHPublicKeyTests.line)
    for (expected, accepted) in [([key], true), ([], false)] {
      let pipe = SSHPipe(expectedKeys: expected)
      pipe.inbound.writeString("SSH-2.0-x\r\n")
      withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { target in
        #expect(((try? pipe.receive(into: target) { key.blob }) != nil) == accepted)
      }
      #expect(pipe.hostKey == (accepted ? .accepted(key) : .rejected(key)))
    }
  }
}
