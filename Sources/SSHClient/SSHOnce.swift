/// Work that is done when its result is first wanted, however many want it at that moment.
actor SSHOnce<Value: Sendable> {
  private enum State {
    case idle
    case running([CheckedContinuation<Value, Never>])
    case done(Value)
  }

  private var state = State.idle
  private let keepsResult: Bool
  private let work: @Sendable () async -> Value

  /// - Parameter keepsResult: whether the work is never done again; without it, only who comes meanwhile shares it.
  init(keepsResult: Bool, _ work: @escaping @Sendable () async -> Value) {
    self.keepsResult = keepsResult
    self.work = work
  }

  func value() async -> Value {
    switch state {
    case .done(let value): return value
    case .running(let waiting):
      return await withCheckedContinuation { state = .running(waiting + [$0]) }
    case .idle:
      state = .running([])
      let value = await work()
      if case .running(let waiting) = state {
        for continuation in waiting { continuation.resume(returning: value) }
      }
      state = keepsResult ? .done(value) : .idle
      return value
    }
  }
}
