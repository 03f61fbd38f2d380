/// A password that is asked for when a server wants it, and at most once, however many connections need it.
public final class SSHPassword: Sendable {
  private let answer: SSHOnce<[UInt8]?>

  /// - Parameter ask: gives the password without a line break, or nil when there is none to be had. It may take as long
  ///   as a person needs, no deadline runs meanwhile; a thread that it blocks must be its own.
  public init(_ ask: @escaping @Sendable () async -> [UInt8]?) {
    answer = SSHOnce(keepsResult: true, ask)
  }

  /// The password; nil when nobody gave one.
  func bytes() async -> [UInt8]? { await answer.value() }
}
