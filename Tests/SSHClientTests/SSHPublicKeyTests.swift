import Testing

@testable import SSHClient

@Suite("public keys")
struct SSHPublicKeyTests {
  /// The key whose bytes are 0 to 31.
  static let line =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f comment here"

  @Test("a line gives type, fingerprint and the line again")
  func parses() throws {
    let key = try SSHPublicKey(authorizedKeysLine: Self.line)
    #expect(key.type == "ssh-ed25519")
    #expect(key.blob.suffix(32) == Array(0..<32)[...])
    // As printed by ssh-keygen -lf.
    #expect(key.fingerprint == "SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA")
    #expect(Self.line.hasPrefix(key.line))
  }

  @Test(
    "what is no usable key is refused with its reason",
    arguments: [
      ("", "not a public key"),
      ("ssh-ed25519", "not a public key"),
      ("ssh-ed25519 !!!!", "not base64"),
      ("ssh-ed25519 AAAA", "does not begin with the name of its type"),
      ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "cut short"),
      ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAQE=", "has 32 bytes, this one has 1"),
      ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////wE=", "cut short"),
      ("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f", "the line says ssh-rsa"),
      ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAA==", "bytes after its end"),
      ("ssh-dss AAAAB3NzaC1kc3MAAAABAQ==", "keys of type ssh-dss are not supported"),
      ("command=\"x\" ssh-ed25519 AAAA", "not base64"),
    ])
  func refuses(_ line: String, _ reason: String) {
    let error = #expect(throws: SSHParseError.self) { try SSHPublicKey(authorizedKeysLine: line) }
    #expect(error?.problem.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("a hostile type cannot reach the terminal")
  func hostileType() {
    let error = #expect(throws: SSHParseError.self) {
      try SSHPublicKey(
        authorizedKeysLine: "\u{1B}]0;owned\u{7} AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")
    }
    #expect(error?.problem.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
  }
}
