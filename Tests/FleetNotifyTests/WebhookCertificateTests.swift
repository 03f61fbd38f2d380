import FleetModel
import Foundation
import NIOSSL
import Subprocess
import Testing

@testable import FleetNotify

@Suite("notifications over TLS", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct WebhookCertificateTests {
  /// Certificates that openssl makes, for as long as a test runs.
  private final class Certificates: Sendable {
    let directory = FileManager.default.temporaryDirectory.appending(path: "fleetd-ca-\(UUID().uuidString)").path

    /// An authority, a server's certificate that it signed, one that it signed for another name, and another authority.
    private static let commands = """
      set -e; cd "$1"
      new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout $1.key -out $1.pem -subj /CN=$1 "${@:2}"; }
      new authority
      new stranger
      new server -addext subjectAltName=IP:127.0.0.1 -CA authority.pem -CAkey authority.key
      new other -addext subjectAltName=DNS:elsewhere.lan -CA authority.pem -CAkey authority.key
      """

    init() async throws {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
      let made = try await Subprocess.run(
        .name("bash"), arguments: ["-c", Self.commands, "bash", directory], output: .discarded,
        error: .string(limit: 65536))
      try #require(made.terminationStatus.isSuccess, "\(made.standardError)")
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    func serving(_ name: String) throws -> TLSConfiguration {
      TLSConfiguration.makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMFile(path("\(name).pem")).map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: path("\(name).key"), format: .pem)))
    }
  }

  private static func delivery(to webhook: Webhook, caFile: String?) async throws -> NotificationDelivery {
    let receiver = NotificationReceiver(name: "chat", url: .plain(webhook.url), caFile: caFile)
    let sender = try WebhookSender(
      to: receiver, text: NotificationReceiver.BuiltIn.json.text, secret: { _ in Secret([]) })
    return await sender.send(Notification.samples(of: "home")[0])
  }

  @Test("the configured CA is trusted; without it, and with another, nothing is sent, and the words say why")
  func authorities() async throws {
    let certificates = try await Certificates()
    let webhook = try await Webhook(tls: try certificates.serving("server"))
    let stranger = certificates.path("stranger.pem")
    #expect(
      try await Self.delivery(to: webhook, caFile: stranger)
        == .failed("its certificate is not signed by one in \(stranger), or has expired", after: nil))
    #expect(
      try await Self.delivery(to: webhook, caFile: nil)
        == .failed(
          "its certificate is not trusted by this control node, or has expired: name its CA as caFile", after: nil))
    #expect(webhook.requests.isEmpty)
    #expect(try await Self.delivery(to: webhook, caFile: certificates.path("authority.pem")) == .delivered)
    #expect(webhook.requests.count == 1)
    try await webhook.close()
  }

  @Test("a certificate for another name is refused, whoever signed it")
  func names() async throws {
    let certificates = try await Certificates()
    let webhook = try await Webhook(tls: try certificates.serving("other"))
    #expect(
      try await Self.delivery(to: webhook, caFile: certificates.path("authority.pem"))
        == .failed("its certificate is for another name than its address has", after: nil))
    #expect(webhook.requests.isEmpty)
    try await webhook.close()
  }

  @Test("a file that holds no certificate is told at the start, and again when it is used")
  func files() async throws {
    let certificates = try await Certificates()
    let webhook = try await Webhook(tls: try certificates.serving("server"))
    for name in ["none.pem", "server.key"] {
      let path = certificates.path(name)
      let receiver = NotificationReceiver(name: "chat", url: .plain(webhook.url), caFile: path)
      #expect(WebhookSender.problem(of: receiver)?.hasPrefix(path) == true)
      guard case .failed(let words, _) = try await Self.delivery(to: webhook, caFile: path) else {
        Issue.record("it was not refused")
        continue
      }
      #expect(words.hasPrefix("its caFile cannot be used: \(path)"))
    }
    #expect(webhook.requests.isEmpty)
    try await webhook.close()
  }
}
