import Testing

@testable import FleetModel

@Suite("secrets and content")
struct SecretTests {
  private static let text = "correct-horse-battery-staple"
  private let secret = Secret(Array(text.utf8))
  private let reference = SecretReference("k3s-token")

  private var vault: SecretVault { SecretVault(["k3s-token": secret]) }

  /// Everything that Swift can be made to print of a value.
  private func renderings(of value: some Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    return ["\(value)", String(describing: value), String(reflecting: value), dumped]
  }

  @Test("no rendering of a secret, or of anything that holds one, shows its bytes")
  func renderings() {
    struct Holder { let secret: Secret }
    let bytes = Array(Self.text.utf8).map(String.init).joined(separator: ", ")
    for text in renderings(of: secret) + renderings(of: vault) + renderings(of: [secret])
      + renderings(of: Optional(secret)) + renderings(of: Holder(secret: secret))
    {
      #expect(!text.contains(Self.text) && !text.contains(bytes))
    }
    #expect(renderings(of: secret).prefix(3).allSatisfy { $0 == "<redacted>" })
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test("a step and its content show the name of a secret and nothing of it")
  func steps() {
    let content = Content([.text("token: "), .secret(reference)])
    let step = Step("write", .run(.writeFile, StepInput([["/etc/token"]], payload: content)))
    for text in renderings(of: step) + renderings(of: content) {
      #expect(text.contains("k3s-token") && !text.contains(Self.text))
    }
    #expect(content.text == nil)
    #expect(content.secrets == [reference])
  }

  @Test("content is put together byte by byte")
  func bytes() {
    let content = Content([.text("token: "), .secret(reference), .text("\n")])
    #expect(content.bytes(with: vault) == Array("token: \(Self.text)\n".utf8))
    let other = Secret([0xFF, 0x00, 0x0A])
    #expect(Content(secret: reference).bytes(with: SecretVault(["k3s-token": other])) == [0xFF, 0x00, 0x0A])
  }

  @Test("content whose secret is missing has neither bytes nor a digest")
  func missing() {
    let content = Content([.text("a"), .secret(SecretReference("other"))])
    #expect(content.bytes(with: vault) == nil)
    #expect(content.digest(with: vault) == nil)
    #expect(StepPrelude.input(StepInput([["a"]], payload: content), with: vault) == nil)
  }

  @Test("a digest is written as sha256sum(1) writes it")
  func digest() {
    #expect(
      Content("abc").digest(with: SecretVault())
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    #expect(Content("abc").text == "abc")
  }
}
