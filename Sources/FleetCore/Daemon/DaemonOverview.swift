import FleetHTTP
package import FleetModel
package import FleetReconcile
import FleetRecord

/// Puts together what the keeper knows and what the store keeps.
package actor DaemonOverview: OverviewSource {
  private let keeper: FleetKeeper
  private let recorder: DaemonRecorder
  private let notifications: NotificationDispatcher
  private let store: String
  private let empty: FleetOverview
  private let now: @Sendable () -> ClockReading
  /// What the store said last, and when, and after how many passes.
  private var record = RecordOverview()
  private var readAt: ContinuousClock.Instant?
  private var passes = 0

  /// Other commands write to the store too: it is read again after so long, and after each pass.
  private static let freshness: Duration = .seconds(10)

  /// - Parameters:
  ///   - store: where the recorder's store is.
  ///   - version: of this program.
  ///   - interval: seconds between two looks at a node.
  package init(
    _ keeper: FleetKeeper, _ recorder: DaemonRecorder, _ notifications: NotificationDispatcher, store: String,
    version: String, mode: Mode, interval: Int, now: @escaping @Sendable () -> ClockReading = { .now() }
  ) {
    self.keeper = keeper
    self.recorder = recorder
    self.notifications = notifications
    self.store = store
    self.now = now
    let start = now()
    empty = FleetOverview(clock: start, version: version, startedAt: start.wall, mode: mode, interval: interval)
  }

  package func overview() async -> FleetOverview {
    var overview = await keeper.overview(into: empty)
    overview.clock = now()
    if let fleet = overview.fleet { read(fleet, after: overview.passes.count, at: overview.clock) }
    overview.record = record
    overview.record.errors = recorder.errors
    overview.notifications = notifications.counts
    return overview
  }

  /// The file is opened for each reading: in between, nothing of it is held in memory.
  private func read(_ fleet: String, after passes: Int, at now: ClockReading) {
    let clock = ContinuousClock.now
    if let readAt, passes == self.passes, clock - readAt < Self.freshness { return }
    readAt = clock
    self.passes = passes
    do throws(RecordFailure) {
      record = try FleetStore(reading: store).overview(of: fleet, at: now)
    } catch {
      record.problem = error.kind == .missing ? nil : error.message
    }
  }
}
