import Testing

@testable import FleetModel

@Suite("ASCII-armoured keys")
struct OpenPGPArmourTests {
  /// Made by gpg(1) for these tests.
  static let key = """
    -----BEGIN PGP PUBLIC KEY BLOCK-----

    mDMEawFaYhYJKwYBBAHaRw8BAQdAHnAfdK/NNYcBeb3+ZvlMxHrAhrX3UYqWsDtK
    Sqy533u0F3JlcG8gPHJlcG9AZXhhbXBsZS5vcmc+iJAEExYIADgWIQRiIGQvmasy
    W5QWDMxT/u6aX5fRmwUCawFaYgIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAK
    CRBT/u6aX5fRm2MDAQDYiQaIDOKwsNDVWtDn0nta8ioYd/OCMs0GEwBesNCEqQEA
    3zeXOUF3pbldldliWR2Dsq2xk/SfKge5r7nog8iniAs=
    =+Oka
    -----END PGP PUBLIC KEY BLOCK-----

    """

  private func problem(_ text: String) -> String? {
    do throws(OpenPGPArmour.Problem) {
      _ = try OpenPGPArmour(text)
      return nil
    } catch {
      return error.text
    }
  }

  @Test("a key has the fingerprint that gpg shows")
  func fingerprint() throws {
    #expect(try OpenPGPArmour(Self.key).fingerprint == "6220642f99ab325b94160ccc53feee9a5f97d19b")
  }

  @Test("headers, carriage returns and a missing checksum do no harm")
  func variants() throws {
    let first = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
    let variants = [
      Self.key.replacing(first, with: first + "Version: GnuPG v2\nComment: x y\n"),
      Self.key.replacing("\n", with: "\r\n"), Self.key.replacing("=+Oka\n", with: ""), "\n\n" + Self.key + "\n",
    ]
    for text in variants { #expect(problem(text) == nil, "\(text)") }
  }

  @Test("what is no whole public key is told apart")
  func problems() {
    let body = Self.key
    #expect(problem("<html>404</html>")?.contains("does not begin with") == true)
    #expect(problem(body.replacing("PUBLIC", with: "PRIVATE"))?.contains("private key") == true)
    #expect(problem(body + body)?.contains("several blocks") == true)
    #expect(problem(body + "Signed-By: x\n")?.contains("outside") == true)
    #expect(problem(body.replacing("ZvlM", with: "ZvlN"))?.contains("checksum") == true)
    #expect(problem(body.replacing("mDMEaw", with: "!DMEaw"))?.contains("no base64") == true)
    #expect(problem(body.replacing("mDMEaw", with: "AAAAAA").replacing("=+Oka\n", with: "")) == "holds no public key")
    #expect(problem(String(body.prefix(150)))?.contains("does not begin with") == true)
  }

  @Test("no cut and no flipped byte of the text makes it crash or pass unseen")
  func hostile() {
    for length in 0..<Self.key.count - 1 { #expect(problem(String(Self.key.prefix(length))) != nil) }
    for header in ["mf////8=", "xv////8=", "xsA=", "mA==", "mwA=", "AA=="] {
      let begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----", end = "-----END PGP PUBLIC KEY BLOCK-----"
      #expect(problem("\(begin)\n\n\(header)\n\(end)\n") != nil)
    }
  }
}
