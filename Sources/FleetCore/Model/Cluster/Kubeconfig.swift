import YAMLSource

/// A kubeconfig: how kubectl reaches clusters, and as whom. It holds private keys, so that nothing of it is ever shown by
/// itself; it leaves as `text` alone, for its owner.
package struct Kubeconfig: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let root: YAMLMapping

  /// Why text is none.
  package struct Problem: Error, Sendable, Hashable {
    package let message: String
  }

  /// The constant script that reads the one that k3s writes for its administrator.
  package static let script = ServerScript.text(
    for: StepScript(
      "kubeconfig",
      #"""
      answering
      [ -f /etc/rancher/k3s/k3s.yaml ] \
        || die 70 "there is no /etc/rancher/k3s/k3s.yaml: does write-kubeconfig in k3s.config put it elsewhere?"
      head -c 65536 /etc/rancher/k3s/k3s.yaml
      """#))

  package init(parsing bytes: [UInt8]) throws(Problem) {
    let limits = YAMLLimits(maximumBytes: 4 << 20, maximumDepth: 32, maximumNodes: 100_000)
    guard let documents = try? YAMLParser.documents(in: bytes, named: "kubeconfig", limits: limits),
      documents.count == 1, let root = documents[0].mapping, root["kind"]?.string == "Config"
    else { throw Problem(message: "it is no kubeconfig: no YAML, or not one document of kind Config") }
    for list in Self.lists where root[list] != nil && root[list]?.isNull == false {
      guard let entries = root[list]?.sequence, entries.allSatisfy({ $0.mapping?["name"]?.string != nil }) else {
        throw Problem(message: "\(list) of the kubeconfig is no list of named entries")
      }
    }
    self.root = root
  }

  private init(_ root: YAMLMapping) { self.root = root }

  private static let lists = ["clusters", "contexts", "users"]

  /// Its first cluster with its first user, both and their context called `name`, reached at `url`.
  package func renamed(_ name: String, at url: String) throws(Problem) -> Kubeconfig {
    guard let cluster = entries("clusters").first?.mapping?["cluster"]?.mapping,
      let user = entries("users").first?.mapping?["user"], user.mapping != nil
    else { throw Problem(message: "the kubeconfig has no cluster or no user") }
    let named = Self.scalar(name)
    let reached = cluster.replacing("server", with: Self.scalar(url))
    return Kubeconfig(
      Self.mapping([
        ("apiVersion", Self.scalar("v1")), ("kind", Self.scalar("Config")),
        ("clusters", Self.list([Self.node([("name", named), ("cluster", Self.node(reached))])])),
        (
          "contexts",
          Self.list([Self.node([("name", named), ("context", Self.node([("cluster", named), ("user", named)]))])])
        ),
        ("current-context", named), ("users", Self.list([Self.node([("name", named), ("user", user)])])),
      ]))
  }

  /// With the clusters, contexts and users of `other`, which take the place of those of the same name. The current context
  /// stays, where there is one.
  package func merging(_ other: Kubeconfig) -> Kubeconfig {
    var merged = root
    for list in Self.lists {
      var all = entries(list)
      for entry in other.entries(list) {
        if let index = all.firstIndex(where: { Self.name(of: $0) == Self.name(of: entry) }) {
          all[index] = entry
        } else {
          all.append(entry)
        }
      }
      merged = merged.replacing(list, with: Self.list(all))
    }
    if root["current-context"]?.string?.isEmpty != false, let current = other.root["current-context"] {
      merged = merged.replacing("current-context", with: current)
    }
    return Kubeconfig(merged)
  }

  /// Whether it has a cluster, a context or a user of this name.
  package func names(_ name: String) -> Bool {
    Self.lists.contains { entries($0).contains { Self.name(of: $0) == name } }
  }

  /// The whole file.
  package var text: String { YAMLEmitter.emit(Self.node(root)) }

  package var description: String { "<redacted>" }
  package var debugDescription: String { "<redacted>" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  private func entries(_ list: String) -> [YAMLNode] { root[list]?.sequence ?? [] }

  private static func name(of entry: YAMLNode) -> String? { entry.mapping?["name"]?.string }
  private static func scalar(_ text: String) -> YAMLNode { YAMLNode(.scalar(.string(text)), mark: K3sYAML.mark) }
  private static func list(_ items: [YAMLNode]) -> YAMLNode { YAMLNode(.sequence(items), mark: K3sYAML.mark) }
  private static func node(_ mapping: YAMLMapping) -> YAMLNode { YAMLNode(.mapping(mapping), mark: K3sYAML.mark) }
  private static func node(_ pairs: [(String, YAMLNode)]) -> YAMLNode { node(mapping(pairs)) }

  private static func mapping(_ pairs: [(String, YAMLNode)]) -> YAMLMapping {
    YAMLMapping(entries: pairs.map { .init(key: $0.0, keyNode: scalar($0.0), value: $0.1) })
  }
}

extension YAMLMapping {
  /// With this value under `key`, in its place or at the end.
  fileprivate func replacing(_ key: String, with value: YAMLNode) -> YAMLMapping {
    let keyNode = YAMLNode(.scalar(.string(key)), mark: K3sYAML.mark)
    let entry = Entry(key: key, keyNode: keyNode, value: value)
    guard self[key] != nil else { return YAMLMapping(entries: entries + [entry]) }
    return YAMLMapping(entries: entries.map { $0.key == key ? entry : $0 })
  }
}
