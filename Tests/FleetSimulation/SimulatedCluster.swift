import FleetModel

/// What the simulated fleet's server says of its cluster: every node is Ready and lets its lease be seen.
enum SimulatedCluster {
  static func machineID(of name: String) -> String { "machine-\(name)" }

  static func answer(at now: Int) -> [UInt8] {
    let renewed = UTCTime(now).iso8601
    let nodes = SimulatedFleet.names.map { name in
      """
      {"metadata": {"name": "\(name)", "uid": "uid-\(name)"}, "spec": {}, "status": {
      "conditions": [{"type": "Ready", "status": "True"}], "nodeInfo": {"kubeletVersion": "\(SimulatedFleet.k3s)",
      "bootID": "boot", "machineID": "\(machineID(of: name))"}}}
      """
    }
    let leases = SimulatedFleet.names.map { name in
      #"{"metadata": {"name": "\#(name)"}, "spec": {"renewTime": "\#(renewed)"}}"#
    }
    let records = [
      ("clock", "\(now)"), ("authority", String(repeating: "ca", count: 32)), ("ready", "ok"),
      ("nodes", #"{"items": [\#(nodes.joined(separator: ","))]}"#),
      ("leases", #"{"items": [\#(leases.joined(separator: ","))]}"#),
    ]
    let text = records.map { "= \($0.0) \($0.1.utf8.count)\n\($0.1)\n" }.joined()
    return Array("\nfleetd-probe 1\nsection cluster\n\(text)end 1\n".utf8)
  }
}
