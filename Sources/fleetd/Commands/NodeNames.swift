import ArgumentParser
import FleetModel
import FleetReconcile

/// The names of the fleet's nodes, for a shell's completion: from the inventory, offline, and silent about its mistakes.
enum NodeNames {
  static let completion = CompletionKind.custom { words, _, prefix in
    names(in: words).filter { $0.hasPrefix(prefix) }
  }

  /// `words`: the command line so far, which may name the repository and the configuration.
  private static func names(in words: [String]) -> [String] {
    let configured = try? ControlNode.configuration(
      at: value(of: "--config", in: words), home: Console.variable("HOME"))
    let path = value(of: "--repo", in: words) ?? configured?.checkout ?? "."
    guard let absolute = AbsolutePath.resolve(path),
      let files = try? StateRepository(at: absolute).inventory()
    else { return [] }
    return FleetDecoder.decode(files).fleet?.nodes.map(\.name) ?? []
  }

  private static func value(of option: String, in words: [String]) -> String? {
    for (index, word) in words.enumerated() {
      if word == option { return words.dropFirst(index + 1).first }
      if word.hasPrefix(option + "=") { return String(word.dropFirst(option.count + 1)) }
    }
    return nil
  }
}
