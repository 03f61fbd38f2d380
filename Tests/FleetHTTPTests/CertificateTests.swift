import FleetModel
import Foundation
import Testing

@Suite("served by certificates", .enabled(if: Tool.exists("openssl") && Tool.exists("curl")))
struct CertificateTests {
  /// An authority, the server's certificate and a client's, and another client's of nobody.
  private static let commands = """
    set -e
    new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout $1.key -out $1.pem -subj /CN=$1 "${@:2}"; }
    new authority
    new server -addext subjectAltName=IP:127.0.0.1 -CA authority.pem -CAkey authority.key
    new client -CA authority.pem -CAkey authority.key
    new stranger
    """

  @Test("only a client whose certificate the authority signed is answered")
  func clients() async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "fleetd-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.path(percentEncoded: false)
    let made = try await Tool.run(["bash", "-c", Self.commands], in: path)
    try #require(made.isSuccess, "\(made.errors)")
    var settings = TestServer.anyPort
    settings.certificates = .init(
      certificate: "\(path)/server.pem", key: "\(path)/server.key", clientAuthority: "\(path)/authority.pem")
    try await TestServer.run(settings) { server async throws in
      let request = [
        "curl", "-sS", "-m", "20", "--cacert", "authority.pem", "https://127.0.0.1:\(server.port)/healthz",
      ]
      let known = try await Tool.run(request + ["--cert", "client.pem", "--key", "client.key"], in: path)
      #expect(known.output == "ok\n", "\(known.errors)")
      for rest in [[], ["--cert", "stranger.pem", "--key", "stranger.key"]] {
        let refused = try await Tool.run(request + rest, in: path)
        #expect(!refused.isSuccess && refused.output.isEmpty)
      }
      let plain = try await Tool.run(["curl", "-sS", "-m", "20", "http://127.0.0.1:\(server.port)/healthz"], in: path)
      #expect(!plain.output.contains("ok"))
    }
  }
}
