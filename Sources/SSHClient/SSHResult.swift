/// What a command left behind.
public struct SSHResult: Sendable, Hashable {
  /// How a command ended.
  public enum Exit: Sendable, Hashable {
    /// The command exited with this status, 0 to 255 from a POSIX system.
    case status(Int32)
    /// The command died of a signal, named without `SIG`: `TERM`, `KILL`.
    case signal(String)
    /// The server closed the channel without saying how the command ended: treat it as a failure.
    case missing
  }

  public let stdout: [UInt8]
  public let stderr: [UInt8]
  public let exit: Exit

  public init(stdout: [UInt8], stderr: [UInt8], exit: Exit) {
    self.stdout = stdout
    self.stderr = stderr
    self.exit = exit
  }

  /// The command exited with status 0.
  public var succeeded: Bool { exit == .status(0) }
}

/// The most output that a command may produce, in bytes.
public struct SSHOutputLimits: Sendable, Hashable {
  public var stdout: Int
  public var stderr: Int

  public init(stdout: Int = 1 << 20, stderr: Int = 64 << 10) {
    self.stdout = stdout
    self.stderr = stderr
  }
}
