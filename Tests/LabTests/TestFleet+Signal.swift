import Testing

extension TestFleet {
  /// Sends a signal ("KILL", "INT") to the one fleetd that works on this fleet now. What it was started through only
  /// waits for it.
  func signal(_ name: String) async throws {
    let script = """
      count=0
      for process in $(pgrep -f -- '\(directory)/fleetd[.]yaml'); do
        [ "/proc/$process/exe" -ef '\(Lab.binary)' ] && kill -s \(name) "$process" && count=$((count + 1))
      done
      [ "$count" -eq 1 ]
      """
    let output = try await Lab.execute(["sh", "-c", script])
    try #require(output.status == 0, "not one fleetd runs on \(directory): \(output.errors)")
  }
}
