package import FleetModel

extension ClusterObserver {
  /// `server/token` of the first server that answers.
  package func token() async throws(NodeFailure) -> Secret {
    let bytes = try await read(
      TokenScript.read, input: [], mostBytes: 8 << 10, deadline: .seconds(30))
    var token = bytes[...]
    while token.last == 0x0A { token.removeLast() }
    guard !token.isEmpty else { throw NodeFailure(.probeGarbled, "server/token is empty on the server that was asked") }
    return Secret(Array(token))
  }
}
