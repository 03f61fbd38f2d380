import Testing

extension LabNode {
  /// Everything of fleetd's that must not outlive a run: temporary files, steps, owed restarts, guards, units,
  /// processes. The lock file and the record of what is installed may stay.
  func leftovers() async throws -> String {
    try await run(
      """
      : this script is list-leftovers
      find / /boot/firmware -xdev \\( -name '*.fleetd-new*' -o -name '*.fleetd-undo' \\) 2> /dev/null
      find /run/fleetd/steps /run/fleetd/pending /var/lib/fleetd/guard -mindepth 1 2> /dev/null
      systemctl list-units --all --plain --no-legend 'fleetd-*'
      pgrep -a -f fleetd | grep -v list-leftovers || true
      """)
  }

  /// Requires that nothing is left behind; what ends by itself within moments may.
  func expectNoLeftovers(_ location: SourceLocation = #_sourceLocation) async throws {
    var found = try await leftovers()
    for _ in 0..<20 where !found.isEmpty { found = try await leftovers() }
    #expect(found.isEmpty, "\(name)", sourceLocation: location)
  }
}
