/// Something that can observe a node and nothing else. Check mode is given only this.
package protocol ProbeRunner: Sendable {
  /// Runs the probe in one round trip and returns what the node wrote, bounded, not yet parsed.
  func probe(_ requests: [ProbeRequest]) async throws(NodeFailure) -> [UInt8]
}

/// Something that can change a node. Constructed by Apply only.
package protocol StepRunner: Sendable {
  /// Runs one step to its end. Throws what failed; a step that threw may have been done in part, which the next
  /// observation tells.
  func run(_ step: Step) async throws(NodeFailure)
}
