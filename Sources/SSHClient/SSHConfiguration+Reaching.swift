internal import NIOCore

extension SSHConfiguration {
  /// Hands a connector to `body` that will connect to `target`, through the bastion where there is one. An error says
  /// which part of the way failed.
  func reaching<Value: Sendable>(
    _ target: SSHDestination, on eventLoop: any EventLoop,
    _ body: (SSHConnector) async throws(SSHError) -> Value
  ) async throws(SSHError) -> Value {
    guard let jump else { return try await body(SSHConnector(to: target, configuration: self, on: eventLoop)) }
    let passage = try await jump.open(
      to: target, deadline: connectDeadline, keepaliveInterval: keepaliveInterval, on: eventLoop)
    var behind = self
    behind.connectDeadline = passage.timeLeft
    do throws(SSHError) {
      return try await body(SSHConnector(to: target, configuration: behind, through: passage, on: eventLoop))
    } catch {
      throw error.at(.behind(jump.destination), on: target)
    }
  }
}
