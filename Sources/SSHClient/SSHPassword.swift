/// A password that is asked for when a server wants it, and at most once, however many connections need it.
public actor SSHPassword {
  private enum State {
    case unasked(@Sendable () async -> [UInt8]?)
    case asking([CheckedContinuation<[UInt8]?, Never>])
    case known([UInt8]?)
  }

  private var state: State

  /// - Parameter ask: gives the password without a line break, or nil when there is none to be had. It may take as long
  ///   as a person needs, no deadline runs meanwhile; a thread that it blocks must be its own.
  public init(_ ask: @escaping @Sendable () async -> [UInt8]?) {
    state = .unasked(ask)
  }

  /// The password; nil when nobody gave one.
  func bytes() async -> [UInt8]? {
    switch state {
    case .known(let bytes): return bytes
    case .asking(let waiting):
      return await withCheckedContinuation { state = .asking(waiting + [$0]) }
    case .unasked(let ask):
      state = .asking([])
      let bytes = await ask()
      if case .asking(let waiting) = state {
        for continuation in waiting { continuation.resume(returning: bytes) }
      }
      state = .known(bytes)
      return bytes
    }
  }
}
