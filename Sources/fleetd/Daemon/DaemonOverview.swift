import FleetHTTP
import FleetModel
import FleetReconcile
import FleetRecord

/// Puts together what the keeper knows and what the store keeps.
actor DaemonOverview: OverviewSource {
  private let keeper: FleetKeeper
  private let recorder: DaemonRecorder
  private let store: String
  private let empty: FleetOverview
  /// What the store said last, and when, and after how many passes.
  private var record = RecordOverview()
  private var readAt: ContinuousClock.Instant?
  private var passes = 0

  /// Other commands write to the store too: it is read again after so long, and after each pass.
  private static let freshness: Duration = .seconds(10)

  init(_ keeper: FleetKeeper, _ recorder: DaemonRecorder, _ configuration: ControlNodeConfiguration) {
    self.keeper = keeper
    self.recorder = recorder
    store = StateDirectory.store(configuration)
    let now = ClockReading.now()
    empty = FleetOverview(
      clock: now, version: FleetdVersion.current, startedAt: now.wall, mode: configuration.mode,
      interval: Int(configuration.interval.components.seconds))
  }

  func overview() async -> FleetOverview {
    var overview = await keeper.overview(into: empty)
    overview.clock = .now()
    if let fleet = overview.fleet { read(fleet, after: overview.passes.count, at: overview.clock) }
    overview.record = record
    overview.record.errors = recorder.errors
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
