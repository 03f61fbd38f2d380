import Testing

@testable import FleetModel

@Suite("lines of authorized_keys")
struct AuthorizedKeyTests {
  static let alice = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKZ9OPe0ryc2MlSV4FqAzcvpGJ/sefw7MmppNc7bFr+C"
  static let bob = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUlIGKwlM9SvQhbIVcBI7FoWNZ60G7mBWr/qejtnk7z"

  @Test("a key has a type, a comment, and the fingerprint that ssh-keygen shows")
  func plain() throws {
    let key = try #require(AuthorizedKey("  \(Self.alice)  alice at her laptop\r"))
    #expect(key.type == "ssh-ed25519" && key.comment == "alice at her laptop" && key.options.isEmpty)
    #expect(key.fingerprint == "SHA256:OCtXoTCbV0Ym03VM4p7guXHysQfwtrJhKGj6iY1+BUQ")
    #expect(key.line == "\(Self.alice) alice at her laptop")
  }

  @Test("options may hold blanks and quotes within quotes")
  func options() throws {
    let options = #"from="10.0.0.0/8",command="echo \"a b\" ssh-rsa",no-pty"#
    let key = try #require(AuthorizedKey("\(options) \(Self.alice) x"))
    #expect(key.options == options && key.comment == "x")
    #expect(!key.isEquivalent(to: try #require(AuthorizedKey(Self.alice))))
  }

  @Test(
    "what sshd would not take is none",
    arguments: [
      "", "# \(alice)", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa \(alice.dropFirst("ssh-ed25519 ".count))",
      "ssh-ed25519 \(alice.dropFirst("ssh-ed25519 ".count).dropLast(3))", "ssh-dss AAAAB3NzaC1kc3MAAACBAJ x", "x y z",
    ])
  func none(_ line: String) { #expect(AuthorizedKey(line) == nil) }

  @Test("base64 is decoded to the letter, or not at all")
  func base64() {
    for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmE=", "fooba")] {
      #expect(Base64.decode(text) == Array(bytes.utf8))
      #expect(Base64.encodeUnpadded(Array(bytes.utf8)) == text.replacing("=", with: ""))
    }
    for text in ["Zg", "Zg=", "Z===", "====", "Zm9v\n", "Zm9-", "=Zm9"] {
      #expect(Base64.decode(text) == nil, "\(text)")
    }
  }

  @Test("a private key in the inventory is said to be one, and not shown whole")
  func privateKey() {
    let rule = TextRule.authorizedKey
    #expect(rule.problem(with: "-----BEGIN OPENSSH PRIVATE KEY----- b3Bl")?.contains("private key") == true)
  }
}
