internal import NIOCore

#if canImport(Glibc)
  internal import Glibc
#endif

extension SSHTransport {
  /// The error for a call whose connection has ended.
  func lost(_ call: SSHCall) -> SSHError {
    SSHError(
      .connectionLost,
      destination,
      "the connection was lost while \(call.activity): \(reasonOfEnd)",
      nextStep: call.mayHaveRun ? "the command may still be running on the far side" : nil
    )
  }

  /// The error for a step that libssh2 refuses to go on with. Unless the server merely said no, the session's state is
  /// unknown after it, and the connection is given up.
  func error(for failure: SSHLibraryFailure, _ call: SSHCall) -> SSHError {
    if failure.isRefusalByServer {
      return SSHError(
        .channelFailed,
        destination,
        "the server refused \(call.activity)",
        library: failure
      )
    }
    // What libssh2 says about a connection that has ended already is only a consequence.
    if end != nil { return lost(call) }
    let error = SSHError(
      .connectionLost,
      destination,
      "the connection broke while \(call.activity): \(reasonOfEnd)",
      library: failure
    )
    finish(.discarded("libssh2 failed while \(call.activity)"))
    return error
  }

  var reasonOfEnd: String {
    if let text = pipe.disconnectText { return "the server said: \(text)" }
    if case .violated(let violation) = pipe.gate.phase { return "the server \(violation)" }
    switch end {
    case nil: return "the protocol failed"
    case .closedByPeer: return "the server closed it"
    case .failed(let text): return text
    case .discarded(let reason): return reason
    case .closed: return "it was closed on this side"
    }
  }
}

/// An error of the network in words; of NIO's `IOError` what the system calls its errno.
func describe(_ error: any Error) -> String {
  if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
  return printable("\(error)")
}
