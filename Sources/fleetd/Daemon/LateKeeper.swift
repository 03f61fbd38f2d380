import FleetModel
import FleetReconcile
import Synchronization

/// The keeper, for those that are put together before it is.
final class LateKeeper: Sendable {
  private let held = Mutex<FleetKeeper?>(nil)

  var keeper: FleetKeeper? {
    get { held.withLock { $0 } }
    set { held.withLock { $0 = newValue } }
  }

  func write(_ events: [NodeEvent]) async throws(NodeFailure) { try await keeper?.write(events) }
}
