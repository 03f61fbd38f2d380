import Testing

@testable import SSHClient

@Suite("turnstiles")
struct SSHTurnstileTests {
  @Test("calls come in in the order of their arrival, as many as there are places")
  func order() {
    var turnstile = SSHTurnstile(capacity: 1)
    let calls = (0..<3).map { SSHCall("\($0)") }
    let entered = calls.map { turnstile.enter($0) }
    #expect(entered == [true, false, false])
    turnstile.leave()
    // The last in the queue does not overtake.
    let overtook = turnstile.enter(calls[2])
    #expect(!overtook)
    let second = turnstile.enter(calls[1])
    #expect(second)
    turnstile.leave()
    let third = turnstile.enter(calls[2])
    #expect(third)
  }

  @Test("a call that gives up does not block the ones behind it")
  func forgets() {
    var turnstile = SSHTurnstile(capacity: 1)
    let calls = (0..<3).map { SSHCall("\($0)") }
    let entered = calls.map { turnstile.enter($0) }
    #expect(entered == [true, false, false])
    turnstile.forget(calls[1])
    turnstile.leave()
    let third = turnstile.enter(calls[2])
    #expect(third)
  }
}
