import FleetApply
import FleetDaemon
import FleetModel
import FleetReconcile
import NIOCore

/// Puts the daemon's passes together, over connections that stay.
struct DaemonWork: FleetWork {
  let configuration: ControlNodeConfiguration
  let group: any EventLoopGroup
  let stop: StopFlag
  let recorder: DaemonRecorder
  let progress: ProgressSink
  let links = LinkCache()

  func pass(over desired: DesiredState, holds: @escaping FleetPass.Holds) async throws -> FleetPass {
    let fleet = desired.fleet
    let wiring = Wiring(configuration: configuration, group: group)
    let past = ClusterPast(authority: try memory(of: fleet.name).authority(), isFoundingOrdered: false)
    // Where the daemon must not change objects, no plan of its own shall hold any.
    let looksAtObjects = configuration.mode == .observe || fleet.mode == .enforce
    let objects =
      looksAtObjects ? try await Workspace(configuration, desired).objects(.all, allowedDeletions: 0) : nil
    return try await wiring.pass(
      over: fleet, revision: .commit(desired.commit, isModified: false), selection: .all, past: past,
      holder: RunLock.holder(of: fleet.name), objects: objects,
      daemon: .init(links: links, holds: holds, stop: stop),
      progress: { event in
        progress(event)
        guard case .sighted(let node, let sighting) = event else { return }
        recorder.see(sighting, of: node, in: fleet.name, target: fleet.reprovisionTarget)
      })
  }

  func alone<Value: Sendable>(in fleet: String, _ work: @Sendable () async -> Value) async throws -> Value {
    try RestoreJournal.requireNone(of: fleet, in: ControlNodeState(at: StateDirectory.path(configuration)))
    let lock = try RunLock(in: StateDirectory.path(configuration), of: fleet)
    defer { lock.release() }
    return await work()
  }

  func remember(_ plan: FleetPlan) {
    guard let authority = plan.cluster.view?.authority else { return }
    do { try memory(of: plan.fleet).remember(authority) } catch { Console.note("\(error)") }
  }

  private func memory(of fleet: String) -> ClusterMemory {
    ClusterMemory(directory: StateDirectory.path(configuration), fleet: fleet)
  }
}
