package import FleetModel

extension ClusterObserver {
  /// `server/token` of the first server that answers, and when it was written (seconds since 1970 UTC).
  package func token() async throws(NodeFailure) -> (token: Secret, writtenAt: Int) {
    let bytes = try await read(TokenScript.read, input: [], mostBytes: 8 << 10, deadline: .seconds(30))
    let lines = bytes.split(separator: 0x0A)
    guard lines.count == 2, let writtenAt = Int(String(decoding: lines[0], as: UTF8.self)) else {
      throw NodeFailure(.probeGarbled, "the server's answer is no token", next: "run again")
    }
    return (Secret(Array(lines[1])), writtenAt)
  }
}
