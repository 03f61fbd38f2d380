/// What a command reads on its standard input.
public struct SSHInput: Sendable {
  /// A piece of input.
  public enum Part: Sendable {
    case bytes([UInt8])
    /// A regular file on this machine, read in bounded pieces while it is sent.
    case file(path: String)
  }

  /// The pieces, sent one after the other.
  public var parts: [Part]

  /// No input: the command sees the end of its input at once.
  public static let none = SSHInput(parts: [])

  public static func bytes(_ bytes: [UInt8]) -> SSHInput { SSHInput(parts: [.bytes(bytes)]) }

  public static func parts(_ parts: [Part]) -> SSHInput { SSHInput(parts: parts) }
}
