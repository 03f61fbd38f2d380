import Testing

@testable import SSHClient

@Suite("errors")
struct SSHErrorTests {
  @Test("an error reads as destination, message, library and next step")
  func description() {
    let error = SSHError(
      .handshakeFailed, SSHDestination(host: "fe80::1", port: 2222, user: "pi"), "no common cipher",
      nextStep: "allow one", library: SSHLibraryFailure(code: -5, text: "Unable to exchange encryption keys"))
    #expect(
      error.description
        == "pi@[fe80::1]:2222: no common cipher (libssh2 -5: Unable to exchange encryption keys); allow one")
    #expect(SSHDestination(host: "fe80::1", user: "pi").description == "pi@fe80::1")
  }

  @Test("what may pass by itself is transient, what somebody must decide is not")
  func transience() {
    let destination = SSHDestination(host: "pi1", user: "pi")
    let transient = SSHError.Code.allCases.filter { SSHError($0, destination, "").isTransient }
    #expect(
      Set(transient) == [
        .resolveFailed, .connectRefused, .unreachable, .connectTimedOut, .closedBeforeBanner, .timedOut,
        .connectionLost,
        .channelFailed, .uploadMismatch, .downloadMismatch,
      ])
  }

  @Test("a peer's text cannot steer a terminal or forge a line")
  func printableText() {
    #expect(printable("a\u{1B}[31mb\r\nc\u{202E}d\0") == "a?[31mb? c?d?")
    #expect(printable(Array("x".utf8) + [0xFF]) == "x\u{FFFD}")
    #expect(printable(String(repeating: "é", count: 300)).count == 201)
    #expect(printable([UInt8](repeating: 65, count: 1 << 20), limit: 10) == "AAAAAAAAAA…")
  }
}
