import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile

/// A command that talks to the running daemon.
protocol DaemonCommand: FleetCommand {
  var shared: SharedOptions { get }
}

extension DaemonCommand {
  func configuration() throws -> ControlNodeConfiguration {
    try ControlNode.configuration(at: shared.config, home: Console.variable("HOME"))
  }

  /// The daemon's answer. Throws when there is no daemon.
  func ask(_ request: JSONText) throws -> JSONText {
    if let answer = try DaemonClient(try configuration()).ask(request) { return answer }
    throw RunFailure(
      "no fleetd runs as a daemon here", next: "systemctl start fleetd; or look yourself: fleetd --check")
  }
}
