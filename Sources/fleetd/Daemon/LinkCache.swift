import FleetApply
import FleetModel

/// Keeps connections warm from one pass to the next: a link that lives, to a node that is reached as before, is used on.
actor LinkCache {
  private struct Way: Hashable {
    let address: String
    let ssh: SSHSettings
    let hostKeys: [String]
  }

  private var kept: [String: (way: Way, link: NodeLink)] = [:]

  /// The links to use, one a node, in the order of the nodes; connections that are not used on are closed.
  func reusing(_ fresh: [NodeLink], to nodes: [NodeSpec]) async -> [NodeLink] {
    var next: [String: (way: Way, link: NodeLink)] = [:]
    for (node, link) in zip(nodes, fresh) {
      let way = Way(address: node.address, ssh: node.ssh, hostKeys: node.hostKeys)
      if let old = kept[node.name], old.way == way, await old.link.isConnected {
        next[node.name] = old
      } else {
        next[node.name] = (way, link)
      }
    }
    for (name, old) in kept where next[name]?.link !== old.link { await old.link.close() }
    kept = next
    return nodes.compactMap { next[$0.name]?.link }
  }

  func close() async {
    for old in kept.values { await old.link.close() }
    kept = [:]
  }
}
