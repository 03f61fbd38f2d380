/// A k3s unit that somebody else set up, usually install.sh: what it tells k3s beyond config.yaml.
package struct K3sForeignUnit: Sendable {
  /// "/usr/local/bin/k3s server", without the flags.
  package let command: String
  /// The flags, and those variables of the environment file that stand for flags.
  package let arguments: K3sConfiguration
  /// Names of the other variables of the environment file.
  package let environment: [String]

  /// `nil`: fleetd wrote the unit. A unit without ExecStart has an empty command.
  package init?(unit: String, environment: String) {
    guard !unit.hasPrefix(K3sYAML.header) else { return nil }
    var words = Self.words(of: Self.command(in: unit))
    let flagsBegin = words.firstIndex { $0.hasPrefix("-") } ?? words.endIndex
    command = words[..<flagsBegin].joined(separator: " ")
    words.removeSubrange(..<flagsBegin)
    let variables = Self.variables(in: environment)
    let inherited = variables.compactMap { name, value in Self.keys[name].map { (key: $0, value: value) } }
    arguments = K3sConfiguration(inherited).overlaid(with: K3sConfiguration(Self.flags(words)))
    self.environment = variables.map(\.name).filter { Self.keys[$0] == nil }
  }

  /// What fleetd's own unit and config.yaml would lose: keys whose values `wanted` does not have.
  ///
  /// The token is not compared here: config.yaml names a file for it, and k3s itself refuses a wrong one.
  package func unexpressed(in wanted: K3sConfiguration) -> K3sConfiguration {
    let expressed = arguments.keys.filter { key in
      switch key {
      case "token", "token-file": true
      case "config": arguments.values(of: key) == [K3sPaths.config]
      default: arguments.values(of: key).map(Set.init) == wanted.values(of: key).map(Set.init)
      }
    }
    return arguments.without(Set(expressed))
  }

  /// Variables that k3s takes for a flag.
  private static let keys = [
    "K3S_TOKEN": "token", "K3S_TOKEN_FILE": "token-file", "K3S_URL": "server", "K3S_NODE_NAME": "node-name",
    "K3S_DATA_DIR": "data-dir", "K3S_CLUSTER_INIT": "cluster-init", "K3S_AGENT_TOKEN": "agent-token",
    "K3S_DATASTORE_ENDPOINT": "datastore-endpoint", "K3S_KUBECONFIG_MODE": "write-kubeconfig-mode",
    "K3S_KUBECONFIG_OUTPUT": "write-kubeconfig", "K3S_RESOLV_CONF": "resolv-conf", "K3S_SELINUX": "selinux",
    "K3S_CONFIG_FILE": "config",
  ]

  private static let shortFlags = [
    "t": "token", "s": "server", "d": "data-dir", "i": "node-ip", "c": "config", "l": "log", "o": "write-kubeconfig",
  ]

  /// The last ExecStart's text, its continued lines joined.
  private static func command(in unit: String) -> String {
    var lines: [String] = []
    var isContinued = false
    for line in unit.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.trimmingWhitespace()
      let body = text.hasSuffix("\\") ? text.dropLast() + " " : text
      if isContinued { lines[lines.count - 1] += body } else { lines.append(String(body)) }
      isContinued = text.hasSuffix("\\")
    }
    return lines.last { $0.hasPrefix("ExecStart=") }.map { String($0.dropFirst("ExecStart=".count)) } ?? ""
  }

  /// systemd.service(5) in as far as install.sh uses it: words apart by white space, quotes around any of them.
  private static func words(of command: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in command {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  /// `--key=value`, `--key value` and `--flag`.
  private static func flags(_ words: [String]) -> [(key: String, value: String)] {
    var flags: [(key: String, value: String)] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      let halves = word.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = halves.first.map(String.init) ?? ""
      let key = Self.shortFlags[name] ?? name
      if halves.count == 2 {
        flags.append((key, String(halves[1])))
      } else if K3sConfigKeys.known(to: .server)[key] != .flag, let next = rest.first, !next.hasPrefix("-") {
        flags.append((key, next))
        rest.removeFirst()
      } else {
        flags.append((key, "true"))
      }
    }
    return flags
  }

  /// `NAME=value` and `NAME='value'` lines; comments and everything else are left out.
  private static func variables(in text: String) -> [(name: String, value: String)] {
    text.split(separator: "\n").compactMap { line in
      let halves = line.trimmingWhitespace().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, let first = halves[0].first, first.isASCII, first.isLetter || first == "_" else {
        return nil
      }
      return (String(halves[0]), halves[1].trimmingCharacters(["'", "\""]))
    }
  }
}

extension StringProtocol {
  fileprivate func trimmingCharacters(_ characters: Set<Character>) -> String {
    var text = Substring(self)
    while let first = text.first, characters.contains(first) { text.removeFirst() }
    while let last = text.last, characters.contains(last) { text.removeLast() }
    return String(text)
  }
}
