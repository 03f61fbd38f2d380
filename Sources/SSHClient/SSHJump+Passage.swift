internal import NIOCore

/// A way through a bastion that is open, and what is left of the time for the whole connection.
struct SSHPassage: Sendable {
  let forwarding: NIOLoopBound<SSHForwarding>
  let timeLeft: Duration
}

extension SSHJump {
  /// Logs in to the bastion and lets it connect to `target`.
  ///
  /// - Parameters:
  ///   - deadline: of the whole connection; the passage says what is left. The wait for a turn at the bastion does not
  ///     count.
  ///   - eventLoop: of the connection that will use the passage.
  func open(
    to target: SSHDestination, deadline: Duration, keepaliveInterval: Duration, on eventLoop: any EventLoop
  ) async throws(SSHError) -> SSHPassage {
    let (bastion, timeLeft) = try await enter(target, deadline, keepaliveInterval, eventLoop)
    let clock = ContinuousClock()
    let begin = clock.now
    do throws(SSHError) {
      let forwarding = try await bastion.forward(to: target, deadline: timeLeft)
      return SSHPassage(forwarding: forwarding, timeLeft: timeLeft - (clock.now - begin))
    } catch {
      await bastion.close()
      throw error
    }
  }

  private func enter(
    _ target: SSHDestination, _ deadline: Duration, _ keepaliveInterval: Duration, _ eventLoop: any EventLoop
  ) async throws(SSHError) -> (SSHConnection, timeLeft: Duration) {
    do throws(SSHError) {
      if let problem = destination.problem { throw SSHError(.invalidArgument, destination, problem) }
      let credentials = try await SSHCredentials(identities, for: destination)
      let configuration = SSHConfiguration(
        hostKeys: hostKeys, identities: identities, connectDeadline: deadline, keepaliveInterval: keepaliveInterval)
      let connector = try SSHConnector(to: destination, configuration: configuration, on: eventLoop)
      let place = "\(destination.host) \(destination.port)"
      guard await SSHStartups.shared.enter(place) else {
        throw SSHError(.cancelled, destination, "cancelled while waiting for a turn")
      }
      defer { SSHStartups.shared.leave(place) }
      let connection = try await connector.connect(with: credentials)
      return (connection, timeLeft: await connector.timeLeft)
    } catch {
      throw error.at(.bastion(destination), on: target)
    }
  }
}

extension SSHConnection {
  /// Lets the server connect to a TCP port, and carries another connection's bytes there. The connection is then for
  /// nothing else: it ends with the one that it carries.
  func forward(
    to target: SSHDestination, deadline: Duration
  ) async throws(SSHError) -> NIOLoopBound<SSHForwarding> {
    do throws(SSHError) {
      return try await transport.withCall("asking for a way", deadline: deadline) { call throws(SSHError) in
        let transport = self.transport
        call.activity = "waiting for it to connect to port \(target.port) of \(printable(target.host))"
        let channel = try await transport.complete(call) {
          transport.session.openChannel(to: target.host, port: target.port)
        }
        return NIOLoopBound(SSHForwarding(self, transport, channel), eventLoop: transport.eventLoop)
      }
    } catch {
      let refusal = error.code == .channelFailed ? transport.pipe.channelRefusal : nil
      var failure = refusal?.error(reaching: target, through: destination) ?? error
      if failure.code == .timedOut {
        failure = SSHError(.connectTimedOut, target, failure.message, nextStep: failure.nextStep)
      }
      failure.stage = .connecting
      throw failure.at(.forwarding(destination), on: target)
    }
  }
}
