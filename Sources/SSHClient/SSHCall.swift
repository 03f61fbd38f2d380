internal import NIOCore

/// One call of a user of the library while it runs: its deadline, whether it was cancelled, and where it waits.
///
/// Confined to the event loop of its connection.
final class SSHCall {
  enum Interruption: Equatable {
    case deadline(Duration)
    case cancellation
  }

  /// What the call is doing, for messages: "opening a channel".
  var activity: String
  /// A command was asked for, so that something may have happened on the far side.
  var mayHaveRun = false
  /// How long the call may take, and what ends it then.
  var deadline: Duration?
  var clock: Scheduled<Void>?
  /// When the clock ends the call.
  var end: NIODeadline?
  /// Told of each `wake`, for what is no waiting task.
  var whenWoken: (() -> Void)?
  /// Why the call must stop; the first reason stays.
  private(set) var interruption: Interruption?
  private var waiter: CheckedContinuation<Void, Never>?
  /// Something happened since the call looked last.
  private var isSignalled = false

  init(_ activity: String) {
    self.activity = activity
  }

  func interrupt(_ reason: Interruption) {
    if interruption == nil { interruption = reason }
    wake()
  }

  /// Lets the call look again whether it can go on.
  func wake() {
    isSignalled = true
    waiter?.resume()
    waiter = nil
    whenWoken?()
  }

  /// To be called before looking: what happens from now on ends the next `park`.
  func look() {
    isSignalled = false
  }

  /// Waits until something happened since `look`.
  nonisolated(nonsending) func park() async {
    guard !isSignalled else { return }
    await withCheckedContinuation { waiter = $0 }
  }
}

/// Lets a number of calls in at a time, in the order in which they came. A call waits here as it does for bytes: it is
/// woken and asks again.
struct SSHTurnstile {
  let capacity: Int
  private var inside = 0
  private var queue: [ObjectIdentifier] = []

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// True when the call is in; otherwise it has its place in the queue.
  mutating func enter(_ call: SSHCall) -> Bool {
    let ticket = ObjectIdentifier(call)
    if !queue.contains(ticket) { queue.append(ticket) }
    guard inside < capacity, queue.first == ticket else { return false }
    queue.removeFirst()
    inside += 1
    return true
  }

  /// The call gives up its place in the queue.
  mutating func forget(_ call: SSHCall) {
    queue.removeAll { $0 == ObjectIdentifier(call) }
  }

  mutating func leave() {
    inside -= 1
  }
}
