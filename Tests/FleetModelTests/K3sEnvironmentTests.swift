import Testing

@testable import FleetModel

@Suite("k3s: the environment of its unit")
struct K3sEnvironmentTests {
  private func file(_ environment: String) throws -> Content {
    var fixture = K3sFixture()
    fixture.environment = environment
    return try #require(try fixture.k3s().files.first { $0.path == K3sPaths.environment(for: .agent) }).content
  }

  @Test("what is written reads as the same value again, whatever it holds")
  func roundTrip() throws {
    for value in ["a", "a b", "it's", "\\", "a\\\"b'", "$HOME", "#", "", "a=b=c", "ä"] {
      let quoted = "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
      let text = try #require(try file("{NO_PROXY: \(quoted)}").text)
      #expect(K3sEnvironment.variables(in: text).map(\.value) == [value], "\(text)")
    }
  }

  @Test("a secret is a piece of its own, and one that the file cannot hold is refused")
  func secrets() throws {
    let content = try file("{HTTPS_PROXY: {secret: registry}}")
    #expect(content.secrets == [SecretReference("registry")])
    #expect(content.text == nil)
    func problem(_ bytes: [UInt8]) -> String? {
      K3sEnvironment.problem(with: SecretReference("a"), in: SecretVault(["a": Secret(bytes)]))
    }
    func problem(_ text: String) -> String? { problem(Array(text.utf8)) }
    #expect(problem("http://me:pw@proxy.lan\n") == nil)
    for text in ["a\nb", "a\\b", "'a'", "\"", "#a"] { #expect(problem(text) != nil, "\(text)") }
    #expect(problem([0xFF]) != nil)
  }

  @Test("the node's variables are laid over the fleet's; a setting of k3s is told where it belongs")
  func layers() throws {
    var fixture = K3sFixture()
    fixture.environment = "{NO_PROXY: a, HTTP_PROXY: b}"
    fixture.nodeEnvironment = "{NO_PROXY: c}"
    let text = try #require(
      try fixture.k3s().files.first { $0.path == K3sPaths.environment(for: .agent) }?.content.text)
    #expect(text.hasSuffix("HTTP_PROXY='b'\nNO_PROXY='c'\n"))
    fixture.nodeEnvironment = "{K3S_TOKEN: x, K3S_RESOLV_CONF: /a}"
    let diagnostics = try fixture.decode().diagnostics
    #expect(diagnostics.map(\.problem).contains("k3s.environment: K3S_TOKEN is k3s' own key token"))
    #expect(diagnostics.map(\.hint).contains("write resolv-conf under k3s.config"))
  }

  @Test(
    "a literal where a secret belongs is a diagnostic",
    arguments: ["AWS_SECRET_ACCESS_KEY: literal", "HTTP_PROXY: \"http://u:hunter2@proxy\""])
  func literals(_ entry: String) throws {
    let text = InventoryText.decode(
      InventoryText.fleet("{k3s: {version: v1.33.4+k3s1, source: {directory: /srv/k3s}, token: {secret: t}}}"),
      InventoryText.node(spec: "role: server, k3s: {environment: {\(entry)}}")
    ).messages
    #expect(text.count == 1 && text.first?.contains("looks like a secret") == true, "\(text)")
  }
}
