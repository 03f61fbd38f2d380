/// Why a connection, a command or an upload did not come about.
public struct SSHError: Error, Sendable, Hashable {
  /// The kinds of failure; each says whether trying again can help.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The host name has no address, or no name server answered.
    case resolveFailed
    /// The host answered that nothing listens on the port.
    case connectRefused
    /// No route, network or host down, as far as the network says so.
    case unreachable
    /// The connect deadline passed: in TCP, or later, as the message says.
    case connectTimedOut
    /// The server closed the connection before its identification: sshd does so above MaxStartups.
    case closedBeforeBanner
    /// The two sides share no algorithm, or the server does not speak SSH correctly.
    case handshakeFailed
    /// No key is pinned or known for the host.
    case hostKeyUnknown
    /// The host presented another key than the ones that are pinned or known.
    case hostKeyChanged
    /// None of the private keys could be used.
    case identityUnusable
    /// The server accepted none of the private keys.
    case authenticationFailed
    /// The server refused a channel or the command.
    case channelFailed
    /// The command wrote more than its limit.
    case outputLimitExceeded
    /// A command, a path or a limit that cannot be sent as it is.
    case invalidArgument
    /// A file to send could not be read, or changed its size while it was read.
    case inputUnreadable
    /// The far side could not store the file: no directory, no room, no permission.
    case uploadFailed
    /// The far side received other bytes than were sent.
    case uploadMismatch
    /// The far side could not send the file, or this side could not store it.
    case downloadFailed
    /// Other bytes arrived than the far side had announced.
    case downloadMismatch
    /// The deadline of a call passed.
    case timedOut
    /// The Swift task was cancelled.
    case cancelled
    /// The connection ended during a call, or before it; a command may still be running on the far side.
    case connectionLost
  }

  /// How far a connection had come when it failed.
  public enum Stage: Sendable, Hashable {
    /// There was no TCP connection.
    case connecting
    /// TCP was there; the server had not said that it speaks SSH.
    case identification
    /// The server speaks SSH; its host key was not accepted yet.
    case keyExchange
    /// The host is the right one; nobody was logged in.
    case authentication
  }

  /// The key that a host presented, and the ones that were expected of it (none when the host is unknown).
  public struct HostKey: Sendable, Hashable {
    public let offered: SSHPublicKey
    public let expected: [SSHPublicKey]
  }

  /// Which part of a way through a bastion failed.
  public enum Hop: Sendable, Hashable {
    /// The connection to the bastion.
    case bastion(SSHDestination)
    /// The bastion did not connect to the host.
    case forwarding(SSHDestination)
    /// The host itself, behind the bastion.
    case behind(SSHDestination)
  }

  public let code: Code
  public let destination: SSHDestination
  /// What failed and why, lowercase, safe to print.
  public let message: String
  /// What to do about it, where the library can know.
  public let nextStep: String?
  /// What libssh2 said, where it said something.
  public let library: SSHLibraryFailure?
  /// Set with `hostKeyUnknown` and `hostKeyChanged`.
  public let hostKey: HostKey?
  /// Set by `SSHConnection.connect`.
  public internal(set) var stage: Stage?
  /// Set by `SSHConnection.connect` and `hostKeys` where there is a bastion.
  public private(set) var hop: Hop?

  init(
    _ code: Code,
    _ destination: SSHDestination,
    _ message: String,
    nextStep: String? = nil,
    library: SSHLibraryFailure? = nil,
    hostKey: HostKey? = nil
  ) {
    self.code = code
    self.destination = destination
    self.message = message
    self.nextStep = nextStep
    self.library = library
    self.hostKey = hostKey
  }

  /// The same failure, its message saying where on the way to `target` it happened.
  func at(_ hop: Hop, on target: SSHDestination) -> SSHError {
    let place =
      switch hop {
      case .bastion(let bastion): "the bastion \(bastion)"
      case .forwarding(let bastion), .behind(let bastion): "through \(bastion)"
      }
    var error = SSHError(
      code, target, "\(place): \(message)", nextStep: nextStep, library: library, hostKey: hostKey)
    error.stage = stage
    error.hop = hop
    return error
  }

  /// True when the same call may succeed later without anybody changing anything.
  public var isTransient: Bool {
    switch code {
    case .resolveFailed, .connectRefused, .unreachable, .connectTimedOut, .closedBeforeBanner, .timedOut,
      .connectionLost, .channelFailed, .uploadMismatch, .downloadMismatch:
      true
    case .handshakeFailed, .hostKeyUnknown, .hostKeyChanged, .identityUnusable, .authenticationFailed,
      .outputLimitExceeded, .invalidArgument, .inputUnreadable, .uploadFailed, .downloadFailed, .cancelled:
      false
    }
  }
}

extension SSHError: CustomStringConvertible {
  /// `pi@192.168.1.11: message (libssh2 -5: text); next step`.
  public var description: String {
    var text = "\(destination): \(message)"
    if let library { text += " (\(library))" }
    if let nextStep { text += "; \(nextStep)" }
    return text
  }
}

/// An error of libssh2: its number (`LIBSSH2_ERROR_…`) and its text.
public struct SSHLibraryFailure: Sendable, Hashable, CustomStringConvertible {
  public let code: Int32
  public let text: String

  public var description: String { text.isEmpty ? "libssh2 \(code)" : "libssh2 \(code): \(text)" }
}
