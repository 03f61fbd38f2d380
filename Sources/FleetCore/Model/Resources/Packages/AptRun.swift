/// One run of apt on a node: everything that differs, done together, because apt must see it together.
struct AptRun: Sendable {
  var changes: [Change] = []
  /// Names with the version, or the pattern where the lists are refreshed first.
  var installs: [(name: String, version: String)] = []
  var removals: [String] = []
  var holds: [String] = []
  var releases: [String] = []
  var repairs = false
  var refreshesLists = false
  var downgrades = false
  /// A held package is named; apt leaves it alone otherwise.
  var changesHeld = false

  var isEmpty: Bool { changes.isEmpty }

  var step: Step {
    let lines =
      installs.map { ["install", $0.name, $0.version] } + removals.map { ["remove", $0] }
      + holds.map { ["hold", $0] } + releases.map { ["release", $0] }
    let words = [repairs, refreshesLists, downgrades, changesHeld].map { $0 ? "yes" : "no" } + ["\(lines.count)"]
    return Step(title, .runAsUnit(.apt, StepInput([words] + lines)), deadline: .seconds(30 * 60))
  }

  private var title: String {
    let parts = [
      repairs ? "repair dpkg" : nil,
      refreshesLists ? "apt-get update" : nil,
      part("apt-get install", installs.map(\.name)),
      part("apt-get remove", removals),
      part("apt-mark hold", holds),
      part("apt-mark unhold", releases),
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  private func part(_ verb: String, _ names: [String]) -> String? {
    names.isEmpty ? nil : verb + " " + Self.listed(names)
  }

  /// At most eight names, the rest counted.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(8).joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }
}
