import ArgumentParser
import FleetModel

/// `fleetd status`: what the running daemon knows.
struct Status: DaemonCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what the running daemon knows of the fleet.",
    discussion: """
      EXIT CODES
        0    the daemon answered
        1    no daemon runs, or it does not answer
        64   wrong usage
        130  interrupted
      """)

  @Option(name: .shortAndLong, help: "How to print: text or json.")
  var output: OutputFormat = .text

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard output != .markdown else { throw ValidationError("status prints text or json") }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let answer = try ask(.object([.init("do", .string("status"))]))
    let status = answer["status"] ?? .null
    let text = output == .json ? status.text() + "\n" : Self.table(status)
    return Console.result(text) ? .inSync : .failed
  }

  private static func table(_ status: JSONText) -> String {
    let commit = status["commit"]?.string.map { "commit \($0.prefix(7))" } ?? "no commit in force"
    var lines = ["fleet \(status["fleet"]?.string ?? "?")  \(commit)  mode \(status["mode"]?.string ?? "?")"]
    if let activity = status["activity"]?.string { lines[0] += "  \(activity)" }
    if let rejected = status["rejected"], let id = rejected["commit"]?.string {
      lines.append("commit \(id.prefix(7)) cannot be used, so the one before stays in force:")
      lines += (rejected["problems"]?.items ?? []).compactMap(\.string).flatMap(indented)
    }
    for key in ["sourceProblem", "problem"] {
      if let problem = status[key]?.string { lines += problem.split(separator: "\n").map { "! \($0)" } }
    }
    lines.append("")
    let nodes = status["nodes"]?.items ?? []
    let width = nodes.compactMap { $0["name"]?.string?.count }.max() ?? 0
    let rebuilds = status["rebuilds"]?.items ?? []
    for node in nodes {
      lines.append(row(node, width))
      lines += rebuilds.filter { $0["node"] == node["name"] }.map {
        String(repeating: " ", count: width + 2) + words(of: $0)
      }
    }
    return lines.map { TerminalText.escape($0) + "\n" }.joined()
  }

  private static func indented(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
  }

  private static func row(_ node: JSONText, _ width: Int) -> String {
    let name = node["name"]?.string ?? "?"
    var words = [
      name + String(repeating: " ", count: max(0, width - name.count)), padded(node["state"]?.string ?? "?"),
    ]
    if case .integer(let changes)? = node["changes"], changes > 0 {
      words.append("\(changes) change\(changes == 1 ? "" : "s")")
    }
    if let paused = node["paused"]?.string {
      words.append(paused)
    } else if let message = node["message"]?.string {
      words.append(message)
    }
    if let since = node["since"]?.string { words.append("(since \(since))") }
    if let until = node["leftAloneUntil"]?.string { words.append("comes and goes: left alone until \(until)") }
    return words.joined(separator: "  ")
  }

  /// `rebuild    on track: 29s of 1h, until baseline`
  private static func words(of rebuild: JSONText) -> String {
    func duration(_ key: String) -> String {
      guard case .integer(let seconds)? = rebuild[key] else { return "?" }
      return DurationText.render(.seconds(seconds))
    }
    return padded("rebuild") + "  \(rebuild["state"]?.string ?? "?"): \(duration("elapsedSeconds")) of "
      + "\(duration("targetSeconds")), until \(rebuild["waitingFor"]?.string ?? "?")"
  }

  private static func padded(_ state: String) -> String {
    state + String(repeating: " ", count: max(0, 9 - state.count))
  }
}
