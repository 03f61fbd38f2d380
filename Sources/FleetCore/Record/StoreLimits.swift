/// How much the store keeps. What is over is removed, the oldest first.
package struct StoreLimits: Sendable, Hashable {
  /// Days that runs and events are kept.
  package var days: Int
  /// Bytes of the file after pruning.
  package var softBytes: Int
  /// Bytes that the file never exceeds, whoever writes: past it a write fails as it does on a full disk.
  package var hardBytes: Int
  /// Rebuilds of nodes that are kept: small, and what estimates are made from.
  package var rebuilds: Int

  package init(days: Int = 180, softBytes: Int = 256 << 20, hardBytes: Int = 512 << 20, rebuilds: Int = 1000) {
    self.days = days
    self.softBytes = softBytes
    self.hardBytes = hardBytes
    self.rebuilds = rebuilds
  }
}
