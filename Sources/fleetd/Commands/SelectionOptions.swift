import ArgumentParser
import FleetModel

/// Which nodes a command is about, of all that the fleet has.
struct SelectionOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("node"),
    help: ArgumentHelp(
      "This node only; may be repeated. A pass observes all nodes and changes these.", valueName: "name"),
    completion: NodeNames.completion)
  var nodes: [String] = []

  @Option(
    name: [.customShort("l"), .customLong("selector")],
    help: ArgumentHelp("Only nodes with this label; may be repeated.", valueName: "key=value"))
  var labels: [String] = []

  func validate() throws {
    for label in labels where label.split(separator: "=", maxSplits: 1).count != 2 {
      throw ValidationError("-l takes key=value, not \"\(label)\"")
    }
    let keys = labels.map { $0.prefix { $0 != "=" } }
    guard Set(keys).count == Set(labels).count else {
      throw ValidationError("-l names one key with two values; no node can have both")
    }
  }

  /// What `--node` and `-l` select in `fleet`. Throws what it does not have.
  func selection(in fleet: Fleet) throws(UsageFailure) -> NodeSelection {
    for name in nodes { try fleet.require(name, "--node ") }
    let selection = self.selection
    guard !selection.isNarrow || fleet.nodes.contains(where: selection.contains) else {
      throw UsageFailure("no node has the labels of -l")
    }
    return selection
  }

  private var selection: NodeSelection {
    var wanted: [String: String] = [:]
    for label in labels {
      let halves = label.split(separator: "=", maxSplits: 1).map(String.init)
      wanted[halves[0]] = halves[1]
    }
    return NodeSelection(names: Set(nodes), labels: wanted)
  }
}

extension Fleet {
  /// The node that the command line names; `option` stands before the name in the message.
  @discardableResult
  func require(_ name: String, _ option: String = "") throws(UsageFailure) -> NodeSpec {
    if let node = node(named: name) { return node }
    let hint = Suggestion.hint(for: name, among: nodes.map(\.name)).map { "; \($0)" } ?? ""
    throw UsageFailure("\(option)\(TerminalText.escape(name)): the fleet has no such node\(hint)")
  }
}
