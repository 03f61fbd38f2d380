import Foundation
import Testing

/// The daemon on a fleet of its own: its state repository is a Git checkout, and its words come from its socket.
extension TestFleet {
  /// Commits the inventory as it stands.
  func commit() async throws {
    let script = """
      cd "$1" && { [ -d .git ] || git init -q --initial-branch=main; } && git add inventory \
        && git -c user.name=a -c user.email=a@b commit -qm change --allow-empty
      """
    let output = try await Lab.execute(["sh", "-c", script, "sh", directory])
    try #require(output.status == 0, "\(output.errors)")
  }

  /// Runs the daemon until somebody ends it. Its log is on standard error.
  func daemon() async throws -> Output { try await Lab.execute(words(of: [])) }

  /// Until `fleetd status --output json` holds all of these texts. What it said last.
  @discardableResult
  func awaitStatus(_ texts: String...) async throws -> String {
    let script = """
      tries=0
      while [ $tries -lt 600 ]; do
        said=$("$@" 2>&1); holds=1
        for text in \(texts.map { "'\($0)'" }.joined(separator: " ")); do
          case $said in *"$text"*) ;; *) holds=0 ;; esac
        done
        [ $holds = 1 ] && { printf %s "$said"; exit 0; }
        tries=$((tries + 1)); sleep 0.1
      done
      printf %s "$said"; exit 1
      """
    let output = try await Lab.execute(["sh", "-c", script, "sh"] + words(of: ["status", "--output", "json"]))
    try #require(output.status == 0, "the daemon never said \(texts): \(output)")
    return output.text
  }
}
