internal import Synchronization

/// Whether a connection can still be used, readable from any thread.
final class SSHLiveness: Sendable {
  private let ended = Atomic(false)

  var isAlive: Bool { !ended.load(ordering: .acquiring) }

  func end() {
    ended.store(true, ordering: .releasing)
  }
}
