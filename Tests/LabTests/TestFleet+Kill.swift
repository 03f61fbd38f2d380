import Foundation

extension TestFleet {
  /// Runs `fleetd --once --yes` and kills it (SIGKILL) as soon as its progress shows a line that begins with `line`.
  ///
  /// - Returns: whether that line came; otherwise the run ended by itself.
  func onceKilled(at line: String) async throws -> Bool {
    try await killed(commandLine(["--once", "--yes"]), at: line)
  }

  /// The same for any command line of this fleet's.
  func killed(_ words: [String], at line: String) async throws -> Bool {
    let script = #"""
      progress=$1; wanted=$2; shift 2
      : > "$progress"
      "$@" > "$progress.out" 2> "$progress" &
      while kill -0 $! 2> /dev/null; do
        if grep -qF -- "$wanted" "$progress"; then
          for process in $(pgrep -f -- "$FLEETD_CONFIG"); do
            [ ! "/proc/$process/exe" -ef "$FLEETD_BINARY" ] || kill -s KILL "$process"
          done
          wait; exit 0
        fi
        sleep 0.02
      done
      exit 3
      """#
    let output = try await Lab.execute(
      [
        "env", "FLEETD_CONFIG=\(directory)/fleetd[.]yaml", "FLEETD_BINARY=\(Lab.binary)", "sh", "-c", script, "sh",
        "\(directory)/progress", line,
      ] + words)
    return output.status == 0
  }
}
