import FleetApply
import FleetModel
import FleetSimulation
import Foundation
import SSHClient
import Synchronization
import Testing

@testable import FleetReconcile

@Suite("ordering a rebuild, step by step on a server")
struct RebuildOrderRunTests {
  /// What a server was told to do, and what it refuses.
  private final class Server: Sendable {
    private let told = Mutex<[String]>([])

    var inputs: [String] { told.withLock { $0 } }

    func answer(_ script: String, _ input: String) -> SSHResult? {
      let isDrain = script.contains("kubectl drain") || script.contains("/run/fleetd/kubectl drain")
      told.withLock { $0.append(isDrain ? "drain " + input : input) }
      guard isDrain else { return nil }
      let said = "not all pods of agent1 could be moved within 300 s:\nCannot evict pod as it would violate its budget."
      return SSHResult(stdout: [], stderr: Array(said.utf8), exit: .status(71))
    }
  }

  private func fleet() throws -> (fleet: SimulatedFleet, directory: TemporaryFolder) {
    let directory = try TemporaryFolder()
    return (try SimulatedFleet(in: directory.path, stop: StopFlag(), now: { 1_800_000_000 }), directory)
  }

  @Test(
    "a drain that fails stops the order: the cordon stays, by an owner that no run takes for left behind, and the lock goes"
  )
  func drainFails() async throws {
    let (fleet, directory) = try fleet()
    defer { withExtendedLifetime(directory) {} }
    let server = Server()
    fleet.nodes.first { $0.name == "server" }?.answer(server.answer)
    let pass = try await fleet.pass(over: fleet.desired, holds: { _ in [:] })
    let order = await pass.rebuildOrder(of: try #require(fleet.desired.fleet.node(named: "agent1")))
    #expect(order.obstacles.isEmpty && order.steps.map(\.title) == ["cordon agent1", "drain agent1"])
    do throws(StepFailure) {
      try await pass.prepare(order)
      Issue.record("the drain did not fail")
    } catch {
      #expect(error.step == "drain agent1" && error.failure.reason == .drainFailed)
      #expect(error.failure.message.contains("Cannot evict pod"))
      #expect(error.failure.next?.contains("the node stays cordoned, by fleetd") == true)
    }
    let inputs = server.inputs
    try #require(inputs.count == 4, "\(inputs)")
    // The lock, the cordon with its owner, the drain; then the lock is released, and nothing is uncordoned.
    #expect(inputs[0].contains("simulation") && inputs[3].contains("simulation"))
    #expect(inputs[1].contains("agent1\tfleet/simulated/rebuild"))
    #expect(inputs[2].hasPrefix("drain ") && inputs[2].contains("agent1\t300\t-1"))
  }
}
