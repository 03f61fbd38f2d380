import Foundation
import SSHTestServer
import Testing

@testable import SSHClient

extension RealServerTests {
  @Suite("hosts that do not answer as they should") struct Unreachable {
    private func failure(_ behaviour: Peer.Behaviour, deadline: Duration) async throws -> SSHError {
      let peer = try await Peer(behaviour)
      let error = try await Fixture.failure(
        to: SSHDestination(host: "127.0.0.1", port: peer.port, user: "pi"),
        Fixture.configuration(deadline: deadline)
      )
      try await peer.stop()
      return error
    }

    @Test("a closed port refuses the connection")
    func refused() async throws {
      let error = try await Fixture.failure(
        to: SSHDestination(host: "127.0.0.1", port: try Fixture.unusedPort(), user: "pi"),
        Fixture.configuration()
      )
      #expect(error.code == .connectRefused)
      #expect(error.isTransient)
    }

    @Test("a name without an address is not resolved")
    func unresolvable() async throws {
      let error = try await Fixture.failure(
        to: SSHDestination(host: "no-such-host.invalid", user: "pi"),
        Fixture.configuration()
      )
      #expect(error.code == .resolveFailed)
      #expect(error.isTransient)
    }

    @Test(
      "a destination that cannot be one is refused",
      arguments: [
        SSHDestination(host: "", user: "pi"), SSHDestination(host: "a\0b", user: "pi"),
        SSHDestination(host: "pi1", user: ""), SSHDestination(host: "pi1", port: 0, user: "pi"),
        SSHDestination(host: "127.0.0.1", port: 70_000, user: "pi"), SSHDestination(host: "::1", port: -1, user: "pi"),
      ])
    func impossibleDestination(_ destination: SSHDestination) async throws {
      #expect(try await Fixture.failure(to: destination, Fixture.configuration()).code == .invalidArgument)
    }

    @Test("a peer that says nothing times out at the connect deadline")
    func silent() async throws {
      let error = try await failure(.silent, deadline: .seconds(1))
      #expect(error.code == .connectTimedOut)
      #expect(error.message.contains("identification"))
      #expect(error.isTransient)
    }

    @Test("a peer that stalls after its banner times out at the connect deadline")
    func stallsAfterBanner() async throws {
      let error = try await failure(.sends("SSH-2.0-Stalled\r\n"), deadline: .seconds(1))
      #expect(error.code == .connectTimedOut)
      #expect(error.message.contains("keys"))
    }

    @Test("a peer that closes before its banner is transient, and what it said is shown")
    func closesBeforeBanner() async throws {
      let error = try await failure(.closes(after: "Exceeded\u{1B}[31m MaxStartups\r\n"), deadline: Fixture.patience)
      #expect(error.code == .closedBeforeBanner)
      #expect(error.isTransient)
      #expect(error.message.contains("Exceeded?[31m MaxStartups"))
    }

    @Test("a peer that closes after its banner is a lost connection")
    func closesAfterBanner() async throws {
      let error = try await failure(.closes(after: "SSH-2.0-Gone\r\n"), deadline: Fixture.patience)
      #expect(error.code == .connectionLost)
    }

    @Test("a peer that sends lines without end is no SSH server")
    func endlessPreamble() async throws {
      let error = try await failure(
        .sends(String(repeating: "HTTP/1.1 400 Bad Request\r\n", count: 10_000)),
        deadline: Fixture.patience
      )
      #expect(error.code == .handshakeFailed)
      #expect(error.message.contains("without an SSH identification"))
    }

    @Test(
      "a peer that sends an impossible packet is no SSH server",
      arguments: ["\u{7F}\u{7F}\u{7F}\u{7F}zzzz", "\0\0\0\0zzzz"]
    )
    func impossiblePacket(_ packet: String) async throws {
      let error = try await failure(.sends("SSH-2.0-Odd\r\n" + packet), deadline: Fixture.patience)
      #expect(error.code == .handshakeFailed)
      #expect(error.message.contains("sent a packet of"))
    }

    @Test("a server that is full is transient")
    func maxStartups() async throws {
      let server = try SSHServer(keys: try Fixture.keys, maxStartups: 1)
      // The first client has its banner, so sshd counts it, and never logs in.
      let first = try HeldConnection(port: server.port)
      #expect(first.banner.hasPrefix("SSH-2.0-"))
      let error = try await Fixture.failure(to: Fixture.destination(server), try Fixture.configuration())
      #expect(error.code == .closedBeforeBanner)
      first.close()
    }

    @Test("cancelling a connection attempt is a cancellation, not a time-out")
    func cancelled() async throws {
      let peer = try await Peer(.silent)
      let destination = SSHDestination(host: "127.0.0.1", port: peer.port, user: "pi")
      let configuration = try Fixture.configuration()
      let attempt = Task {
        try await SSHConnection.connect(to: destination, configuration: configuration, on: Fixture.group)
      }
      attempt.cancel()
      let error = await #expect(throws: SSHError.self) { try await attempt.value.close() }
      #expect(error?.code == .cancelled)
      #expect(error?.isTransient == false)
      try await peer.stop()
    }
  }
}
