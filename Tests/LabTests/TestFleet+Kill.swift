import Foundation

extension TestFleet {
  /// Runs `fleetd --once --yes` and kills it (SIGKILL) as soon as its progress shows a line that begins with `line`.
  ///
  /// - Returns: whether that line came; otherwise the run ended by itself.
  func onceKilled(at line: String) async throws -> Bool {
    try await killed(commandLine(["--once", "--yes"]), at: line)
  }

  /// The same with the first of several lines. On a busy machine the kill comes a step late: what was shown by then is over.
  ///
  /// - Returns: those of `lines` that were shown; empty: the run ended by itself.
  func onceKilled(atFirstOf lines: [String]) async throws -> [String] {
    let patterns = lines.map { "-e '\($0)'" }.joined(separator: " ")
    let words = commandLine(["--once", "--yes"])
    guard try await killed(words, when: "grep -qF \(patterns) \"$progress\"") else { return [] }
    let progress = try String(contentsOfFile: "\(directory)/progress", encoding: .utf8)
    return lines.filter { progress.contains($0) }
  }

  /// The same for any command line of this fleet's.
  func killed(_ words: [String], at line: String) async throws -> Bool {
    try await killed(words, when: "grep -qF -- '\(line)' \"$progress\"")
  }

  /// The same, when so many steps have begun on the nodes.
  func onceKilled(afterSteps count: Int) async throws -> Bool {
    try await killed(
      commandLine(["--once", "--yes"]),
      when: "[ \"$(grep -E '^node[0-9]+: ' \"$progress\" | grep -vc '; waiting$')\" -ge \(count) ]")
  }

  private func killed(_ command: [String], when condition: String) async throws -> Bool {
    let script = """
      progress=$1; shift
      : > "$progress"
      "$@" > "$progress.out" 2> "$progress" &
      while kill -0 $! 2> /dev/null; do
        if \(condition); then
          for process in $(pgrep -f -- '\(directory)/fleetd[.]yaml'); do
            [ ! "/proc/$process/exe" -ef '\(Lab.binary)' ] || kill -s KILL "$process"
          done
          wait; exit 0
        fi
        sleep 0.02
      done
      exit 3
      """
    let words = ["sh", "-c", script, "sh", "\(directory)/progress"] + command
    return try await Lab.execute(words).status == 0
  }
}
