import ArgumentParser
import FleetModel

/// What `fleetd --help` prints: the commands, and the options of a pass, which is typed without a command's name.
enum Help {
  static var text: String {
    let options = Fleetd.helpMessage(for: Pass.self).part(from: "OPTIONS:")
    let root = Fleetd.helpMessage()
    return (root.part(upTo: "OPTIONS:") + options + root.part(from: "SUBCOMMANDS:")).trimmingWhitespace() + "\n"
  }
}

extension String {
  /// The lines before the one that begins with `heading`; all of them where none does.
  fileprivate func part(upTo heading: String) -> String {
    lines.prefix { !$0.hasPrefix(heading) }.map { "\($0)\n" }.joined()
  }

  /// The lines from the one that begins with `heading` on.
  fileprivate func part(from heading: String) -> String {
    lines.drop { !$0.hasPrefix(heading) }.map { "\($0)\n" }.joined()
  }

  private var lines: [Substring] { split(separator: "\n", omittingEmptySubsequences: false) }
}
