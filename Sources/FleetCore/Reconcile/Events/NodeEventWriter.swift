package import FleetApply
package import FleetModel
import Synchronization

/// Writes what fleetd does to nodes as Events of Kubernetes: best-effort, and nothing ever waits for it. What cannot be
/// written is forgotten.
package final class NodeEventWriter: Sendable {
  private let queue = Mutex(NodeEventQueue())
  private let bell = Bell()
  private let now: @Sendable () -> Int
  /// Writes one batch. Throws why it could not.
  private let write: @Sendable ([NodeEvent]) async throws(NodeFailure) -> Void
  private let forget: @Sendable (String) -> Void

  /// Between two batches, so that what comes together is written together.
  private static let gathering: Duration = .seconds(3)

  /// - Parameter forget: takes why a batch was given up.
  package init(
    now: @escaping @Sendable () -> Int, forget: @escaping @Sendable (String) -> Void,
    write: @escaping @Sendable ([NodeEvent]) async throws(NodeFailure) -> Void
  ) {
    self.now = now
    self.forget = forget
    self.write = write
  }

  package func take(_ event: ProgressEvent) { put(NodeEvent.events(of: event, at: now())) }

  package func take(_ report: RunReport) { put(NodeEvent.events(of: report, at: now())) }

  package func take(_ transition: NodeClock.Transition, of node: String) {
    put([NodeEvent(transition, of: node, at: now())].compactMap { $0 })
  }

  private func put(_ events: [NodeEvent]) {
    guard !events.isEmpty else { return }
    queue.withLock { queue in for event in events { queue.put(event) } }
    bell.ring()
  }

  /// Until it is cancelled.
  package func run() async {
    while !Task.isCancelled {
      if queue.withLock({ $0.isEmpty }) { await bell.wait(for: .seconds(3600)) }
      // Its purpose is the wait itself: what follows at once shall come along.
      try? await Task.sleep(for: Self.gathering)
      let batch = queue.withLock { $0.take() }
      guard !batch.isEmpty, !Task.isCancelled else { continue }
      do throws(NodeFailure) { try await write(batch) } catch { forget(error.message) }
    }
  }
}

extension FleetPass {
  /// Writes Events through one of the fleet's servers.
  package func write(_ events: [NodeEvent]) async throws(NodeFailure) {
    try await FleetApplier.write(events, over: fleet.servers.compactMap { links[$0.name] })
  }
}

extension FleetKeeper {
  /// Writes Events over the connections of the pass that was made last; before there was one they are forgotten.
  package func write(_ events: [NodeEvent]) async throws(NodeFailure) {
    guard mayWriteEvents, let pass else { return }
    try await pass.write(events)
  }
}
