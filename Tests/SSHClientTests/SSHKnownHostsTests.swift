import Testing

@testable import SSHClient

@Suite("known_hosts files")
struct SSHKnownHostsTests {
  private static let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
  private static let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"

  private func hosts(_ text: String) throws -> SSHKnownHosts {
    try SSHKnownHosts(parsing: text, file: "known_hosts")
  }

  @Test(
    "names, ports, wildcards and negations match as sshd(8) says",
    arguments: [
      ("pi1", "pi1", 22, true),
      ("pi1", "PI1", 22, true),
      ("PI1", "pi1", 22, true),
      ("pi1", "pi11", 22, false),
      ("pi1", "pi1", 2222, false),
      ("[pi1]:2222", "pi1", 2222, true),
      ("[pi1]:2222", "pi1", 22, false),
      ("pi2,192.168.1.11", "192.168.1.11", 22, true),
      ("pi?", "pi7", 22, true),
      ("pi?", "pi17", 22, false),
      ("*.lan", "a.b.lan", 22, true),
      ("*.lan", "lan", 22, false),
      ("*.lan,!evil.lan", "evil.lan", 22, false),
      ("*.lan,!evil.lan", "good.lan", 22, true),
      ("!evil.lan", "good.lan", 22, false),
      ("*", "anything", 22, true),
      ("fe80::1", "fe80::1", 22, true),
    ])
  func matching(_ pattern: String, _ host: String, _ port: Int, _ found: Bool) throws {
    let keys = try hosts("\(pattern) \(Self.key) a comment\n").keys(host: host, port: port)
    #expect(keys.count == (found ? 1 : 0))
  }

  @Test("hashed names match and others do not")
  func hashed() throws {
    // HMAC-SHA1 of "pi1.lan" under the salt 00 01 … 13, as ssh-keygen -H writes it.
    let line = "|1|AAECAwQFBgcICQoLDA0ODxAREhM=|bMY04QuhVxABKgXeIeeEZ3DgKRo= \(Self.key)"
    #expect(try hosts(line).keys(host: "pi1.lan", port: 22).count == 1)
    #expect(try hosts(line).keys(host: "pi2.lan", port: 22).isEmpty)
    #expect(try hosts(line).keys(host: "pi1.lan", port: 2222).isEmpty)
  }

  @Test("several lines of one host give all their keys, each once")
  func several() throws {
    let text = "pi1 \(Self.key)\n\n# a comment\npi1,pi2 \(Self.other)\n  pi1 \(Self.key)\r\n"
    #expect(try hosts(text).keys(host: "pi1", port: 22).count == 2)
    #expect(try hosts(text).keys(host: "pi2", port: 22).count == 1)
  }

  @Test("a file with Windows line ends loses no line")
  func windowsLineEnds() throws {
    let found = try hosts("pi1 \(Self.key)\r\npi2 \(Self.other)\r\n")
    #expect(found.keys(host: "pi1", port: 22).count == 1)
    #expect(found.keys(host: "pi2", port: 22).count == 1)
  }

  @Test(
    "what cannot be honoured is an error with file and line",
    arguments: [
      ("@cert-authority *.lan \(key)", "the marker @cert-authority is not supported"),
      ("@revoked * \(key)", "the marker @revoked is not supported"),
      ("pi1 ssh-ed25519", "expected host, key type and key"),
      ("pi1 ssh-ed25519 zzz!", "not base64"),
      ("|1|zz|zz \(key)", "a hashed host must look like"),
      ("|2|AAAA|AAAA \(key)", "a hashed host must look like"),
    ])
  func refuses(_ line: String, _ reason: String) {
    let error = #expect(throws: SSHParseError.self) { try hosts("# first\n\(line)\n") }
    #expect(error?.description.hasPrefix("known_hosts:2: ") == true)
    #expect(error?.problem.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("a pattern of many stars is matched in bounded time")
  func manyStars() throws {
    let pattern = String(repeating: "*a", count: 500)
    #expect(try hosts("\(pattern) \(Self.key)").keys(host: String(repeating: "a", count: 2000) + "b", port: 22).isEmpty)
  }
}
