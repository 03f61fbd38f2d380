import Foundation
import SSHTestServer
import Testing

@testable import SSHClient

@Suite("writing known_hosts files")
struct SSHKnownHostsFileTests {
  private static let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
  private static let otherLine = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"

  private func key(_ line: String = line) throws -> SSHPublicKey { try SSHPublicKey(authorizedKeysLine: line) }

  private func adding(
    to text: String, _ line: String = line, host: String = "pi1", port: Int = 22, replacing: Bool = false
  ) throws -> String {
    try SSHKnownHosts.adding(
      [try key(line)], host: host, port: port, to: text, file: "known_hosts", replacing: replacing)
  }

  @Test(
    "a key is added behind all that is there",
    arguments: [
      ("", "pi1 \(line)\n"),
      ("# mine\n\npi2 \(otherLine) hand made\n", "# mine\n\npi2 \(otherLine) hand made\npi1 \(line)\n"),
      ("pi2 \(otherLine)", "pi2 \(otherLine)\npi1 \(line)\n"),
      ("pi2 \(otherLine)\r\n", "pi2 \(otherLine)\r\npi1 \(line)\n"),
      // Another key of the same host stays unless it is to be replaced.
      ("pi1 \(otherLine)\n", "pi1 \(otherLine)\npi1 \(line)\n"),
      // Known already, under whichever name.
      ("pi1 \(line)\n", "pi1 \(line)\n"),
      ("pi*,other \(line) c\n", "pi*,other \(line) c\n"),
    ])
  func added(_ before: String, _ after: String) throws {
    #expect(try adding(to: before) == after)
  }

  @Test(
    "replacing takes away the host's other keys and nothing else",
    arguments: [
      ("pi1 \(otherLine)\npi2 \(otherLine)\n", "pi2 \(otherLine)\npi1 \(line)\n"),
      ("# c\nPI1,192.168.1.11 \(otherLine) x\n", "# c\n192.168.1.11 \(otherLine) x\npi1 \(line)\n"),
      ("[pi1]:2222 \(otherLine)\n", "[pi1]:2222 \(otherLine)\npi1 \(line)\n"),
      ("pi* \(otherLine)\n", "pi* \(otherLine)\npi1 \(line)\n"),
      ("pi1 \(line)\npi1 \(otherLine)\n", "pi1 \(line)\n"),
    ])
  func replaced(_ before: String, _ after: String) throws {
    #expect(try adding(to: before, replacing: true) == after)
  }

  @Test("a port stands in the name")
  func port() throws {
    #expect(try adding(to: "", host: "PI1.lan", port: 2222) == "[pi1.lan]:2222 \(Self.line)\n")
    #expect(try adding(to: "", host: "fe80::1", port: 22) == "fe80::1 \(Self.line)\n")
  }

  @Test(
    "what is no host cannot become a pattern or a second line", arguments: ["", "a b", "*", "a,b", "!a", "a\nb", "#a"])
  func hostile(_ host: String) {
    #expect(throws: SSHParseError.self) { try adding(to: "", host: host) }
  }

  @Test("a file that cannot be read as a whole is not written")
  func damaged() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("pi1 ssh-ed25519 zzz!\n", to: "known_hosts")
    let error = #expect(throws: SSHParseError.self) {
      try SSHKnownHostsFile(path: path).add([try key()], host: "pi1", port: 22)
    }
    #expect(error?.description.hasPrefix("\(path):1: ") == true)
    #expect(try directory.read("known_hosts") == "pi1 ssh-ed25519 zzz!\n")
  }

  @Test("a file that is not there is made for its owner alone; one that is there keeps its mode")
  func modes() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("ssh/known_hosts")
    try SSHKnownHostsFile(path: path).add([try key()], host: "pi1", port: 22)
    #expect(try mode(of: path) == 0o600)
    #expect(try mode(of: directory.path("ssh")) == 0o700)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    try SSHKnownHostsFile(path: path).add([try key()], host: "pi2", port: 22)
    #expect(try mode(of: path) == 0o644)
    #expect(try directory.read("ssh/known_hosts") == "pi1 \(Self.line)\npi2 \(Self.line)\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("ssh")) == ["known_hosts"])
  }

  @Test("of a link the file that it names is replaced, and the link stays")
  func links() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("# real\n", to: "real")
    try FileManager.default.createSymbolicLink(atPath: directory.path("link"), withDestinationPath: "real")
    try SSHKnownHostsFile(path: directory.path("link")).add([try key()], host: "pi1", port: 22)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory.path("link")) == "real")
    #expect(try directory.read("real") == "# real\npi1 \(Self.line)\n")
  }

  @Test("many writers at once lose nothing")
  func concurrent() async throws {
    let directory = try TemporaryDirectory()
    let file = SSHKnownHostsFile(path: directory.path("known_hosts"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<50 { group.addTask { try file.add([try key()], host: "pi\(number)", port: 22) } }
      try await group.waitForAll()
    }
    let hosts = try SSHKnownHosts(parsing: directory.read("known_hosts"), file: "known_hosts")
    for number in 0..<50 { #expect(hosts.keys(host: "pi\(number)", port: 22).count == 1) }
  }

  @Test("ssh-keygen finds what was written, and what it hashed is still known and replaced")
  func keygen() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("known_hosts")
    let file = SSHKnownHostsFile(path: path)
    try file.add([try key()], host: "pi1.lan", port: 22)
    try file.add([try key()], host: "pi1.lan", port: 2222)
    for name in ["pi1.lan", "[pi1.lan]:2222"] {
      let find = try ChildProcess(["/usr/bin/ssh-keygen", "-F", name, "-f", path])
      #expect(find.wait() == 0, "\(find.output)")
    }
    let hash = try ChildProcess(["/usr/bin/ssh-keygen", "-q", "-H", "-f", path])
    try #require(hash.wait() == 0)
    let hashed = try directory.read("known_hosts")
    try #require(hashed.hasPrefix("|1|") && !hashed.contains("pi1"))
    try file.add([try key()], host: "pi1.lan", port: 22)
    #expect(try directory.read("known_hosts") == hashed)
    try file.add([try key(Self.otherLine)], host: "pi1.lan", port: 2222, replacing: true)
    let hosts = try SSHKnownHosts(parsing: directory.read("known_hosts"), file: path)
    #expect(hosts.keys(host: "pi1.lan", port: 22) == [try key()])
    #expect(hosts.keys(host: "pi1.lan", port: 2222) == [try key(Self.otherLine)])
  }

  private func mode(of path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }
}

extension RealServerTests {
  @Suite("known_hosts as ssh-keyscan writes it") struct Keyscan {
    @Test("plain or hashed, a host at a port of its own is known by it", arguments: [[], ["-H"]])
    func keyscan(_ options: [String]) async throws {
      let server = try Fixture.server
      let scan = try ChildProcess(["/usr/bin/ssh-keyscan"] + options + ["-p", "\(server.port)", "127.0.0.1"])
      try #require(scan.wait() == 0, "\(scan.output)")
      let text = scan.output.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
      var configuration = try Fixture.configuration()
      configuration.hostKeys = .knownHosts(try SSHKnownHosts(parsing: text, file: "scan"))
      let connection = try await SSHConnection.connect(
        to: Fixture.destination(server), configuration: configuration, on: Fixture.group)
      await connection.close()
    }
  }
}
