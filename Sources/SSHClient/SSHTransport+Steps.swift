internal import NIOCore

extension SSHTransport {
  /// Runs `body` as one call: registered to be woken, with a deadline, and stopped when the Swift task is cancelled.
  ///
  /// Both reasons to stop reach `body` as errors of the steps that it takes; they are never mixed up.
  nonisolated(nonsending) func withCall<Value: Sendable>(
    _ activity: String,
    deadline: Duration,
    _ body: nonisolated(nonsending) (SSHCall) async throws(SSHError) -> Value
  ) async throws(SSHError) -> Value {
    try await withUncancellableCall(activity, deadline: deadline) { call throws(SSHError) in
      let eventLoop = self.eventLoop
      let bound = NIOLoopBound(call, eventLoop: eventLoop)
      // The handler below runs at once when the task is cancelled already, but its effect comes a turn later.
      if Task.isCancelled { call.interrupt(.cancellation) }
      let result: Result<Value, SSHError> = await withTaskCancellationHandler {
        do throws(SSHError) {
          return .success(try await body(call))
        } catch {
          return .failure(error)
        }
      } onCancel: {
        eventLoop.execute { bound.value.interrupt(.cancellation) }
      }
      return try result.get()
    }
  }

  /// The same for what must also happen after a cancellation.
  nonisolated(nonsending) func withUncancellableCall<Value: Sendable>(
    _ activity: String,
    deadline: Duration,
    _ body: nonisolated(nonsending) (SSHCall) async throws(SSHError) -> Value
  ) async throws(SSHError) -> Value {
    let call = SSHCall(activity)
    begin(call)
    startClock(of: call, deadline)
    defer {
      call.clock?.cancel()
      finish(call)
    }
    return try await body(call)
  }

  /// Waits for a person, who may take any time; then the call's whole deadline begins anew. A cancellation shows in the
  /// next step of the call.
  nonisolated(nonsending) func withoutDeadline<Value: Sendable, Failure: Error>(
    _ call: SSHCall, _ body: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    call.clock?.cancel()
    defer { if let deadline = call.deadline { startClock(of: call, deadline) } }
    return try await body()
  }

  private func startClock(of call: SSHCall, _ deadline: Duration) {
    call.deadline = deadline
    call.end = .now() + TimeAmount(deadline)
    call.clock = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(deadline)) {
      call.interrupt(.deadline(deadline))
    }
  }

  /// Repeats a step of libssh2 until it is done. The step is made at once, and again whenever something changed.
  nonisolated(nonsending) func complete<Value: ~Copyable>(
    _ call: SSHCall,
    _ step: () -> SSHStep<Value>
  ) async throws(SSHError) -> Value {
    while true {
      call.look()
      try check(call)
      switch perform(step) {
      case .done(let value): return value
      case .failed(let failure): throw error(for: failure, call)
      case .wouldBlock: try await change(call)
      }
    }
  }

  /// Makes one step, hands its bytes to the socket, and wakes the other calls if libssh2 read something: it may have
  /// been theirs, and no event will tell them.
  func perform<Value: ~Copyable>(_ step: () -> SSHStep<Value>) -> SSHStep<Value> {
    eventLoop.preconditionInEventLoop()
    let taken = pipe.taken
    let outcome = step()
    flush()
    if pipe.taken != taken { wakeAll() }
    return outcome
  }

  /// Waits until something happened on the connection, or throws because nothing can happen any more.
  nonisolated(nonsending) func change(_ call: SSHCall) async throws(SSHError) {
    try check(call)
    if end != nil, pipe.inbound.readableBytes == 0 || pipe.isSevered { throw lost(call) }
    await call.park()
  }

  /// Waits for a place; leave it with `leave()` of the same turnstile.
  nonisolated(nonsending) func enter(
    _ turnstile: ReferenceWritableKeyPath<SSHTransport, SSHTurnstile>,
    _ call: SSHCall
  ) async throws(SSHError) {
    call.look()
    while !self[keyPath: turnstile].enter(call) {
      try await change(call)
      call.look()
    }
  }

  func leave(_ turnstile: ReferenceWritableKeyPath<SSHTransport, SSHTurnstile>) {
    self[keyPath: turnstile].leave()
    wakeAll()
  }

  /// Throws when the call must stop.
  func check(_ call: SSHCall) throws(SSHError) {
    switch call.interruption {
    case nil: break
    case .cancellation: throw SSHError(.cancelled, destination, "cancelled while \(call.activity)")
    case .deadline(let deadline):
      throw SSHError(.timedOut, destination, "timed out after \(deadline) while \(call.activity)")
    }
  }
}

extension TimeAmount {
  /// A duration as NIO counts it; what does not fit is the longest there is, what is negative is nothing.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    self =
      overflow
      ? .nanoseconds(seconds < 0 ? 0 : .max / 2) : .nanoseconds(max(0, nanoseconds &+ attoseconds / 1_000_000_000))
  }
}
