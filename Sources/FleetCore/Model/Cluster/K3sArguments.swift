/// k3s' command line.
package enum K3sArguments {
  private static let shortFlags = [
    "t": "token", "s": "server", "d": "data-dir", "i": "node-ip", "c": "config", "l": "log", "o": "write-kubeconfig",
  ]

  /// `--key=value`, `--key value` and `--flag`, in order.
  package static func pairs(_ words: some Sequence<String>) -> [(key: String, value: String)] {
    var pairs: [(key: String, value: String)] = []
    var rest = Array(words)[...]
    while let word = rest.popFirst() {
      let halves = word.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = halves.first.map(String.init) ?? ""
      let key = shortFlags[name] ?? name
      if halves.count == 2 {
        pairs.append((key, String(halves[1])))
      } else if !K3sConfigKeys.isFlag(key), let next = rest.first, !next.hasPrefix("-") {
        pairs.append((key, next))
        rest.removeFirst()
      } else {
        pairs.append((key, "true"))
      }
    }
    return pairs
  }
}
