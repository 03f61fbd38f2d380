package import FleetModel
package import SSHClient

/// What carries a constant script to a node, and back what it wrote. It is SSH, except where a fleet is simulated.
package protocol NodeTransport: Sendable {
  func run(_ script: String, input: [UInt8], limits: SSHOutputLimits) async throws(NodeFailure) -> SSHResult
}
