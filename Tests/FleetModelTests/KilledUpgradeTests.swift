import Testing

@testable import FleetModel

@Suite("an upgrade that is killed, at every boundary between two steps")
struct KilledUpgradeTests {
  private func expectDone(_ cluster: SimulatedCluster, _ what: String) throws {
    #expect(cluster.violations.isEmpty, "\(what)")
    #expect(cluster.nodes.values.allSatisfy { $0.running == SimulatedCluster.new }, "\(what)")
    #expect(try cluster.plan().nodes.allSatisfy(\.isInSync), "\(what)")
  }

  @Test("without a kill it takes one run, drains every node and leaves none cordoned")
  func whole() throws {
    var cluster = try SimulatedCluster()
    #expect(try cluster.run() > 30)
    try expectDone(cluster, "whole")
    #expect(cluster.nodes.values.allSatisfy { !$0.isUnschedulable && $0.owner == nil })
  }

  @Test("killed once, wherever it is: the next runs finish it, and end every cordon of fleetd's")
  func once() throws {
    var whole = try SimulatedCluster()
    let steps = try whole.run()
    for boundary in 0...steps {
      var cluster = try SimulatedCluster()
      _ = try cluster.run(most: boundary)
      for _ in 0..<3 { _ = try cluster.run() }
      try expectDone(cluster, "killed after \(boundary) steps")
      #expect(cluster.nodes.values.allSatisfy { !$0.isUnschedulable && $0.owner == nil }, "\(boundary)")
    }
  }

  @Test("killed again and again, after every so many steps, it still gets done")
  func often() throws {
    for pace in 5...9 {
      var cluster = try SimulatedCluster()
      var runs = 0
      while try cluster.run(most: pace) == pace, runs < 200 { runs += 1 }
      for _ in 0..<2 { _ = try cluster.run() }
      try expectDone(cluster, "killed after every \(pace) steps")
    }
  }

  @Test("an operator's cordon stays, wherever it is killed")
  func operatorsCordon() throws {
    for boundary in stride(from: 0, through: 40, by: 3) {
      var cluster = try SimulatedCluster()
      cluster.nodes["a2"]?.isUnschedulable = true
      _ = try cluster.run(most: boundary)
      for _ in 0..<3 { _ = try cluster.run() }
      #expect(cluster.nodes["a2"]?.isUnschedulable == true && cluster.nodes["a2"]?.owner == nil)
      #expect(cluster.nodes.filter { $0.value.isUnschedulable }.keys.sorted() == ["a2"])
      #expect(cluster.nodes.values.allSatisfy { $0.running == SimulatedCluster.new })
    }
  }
}
