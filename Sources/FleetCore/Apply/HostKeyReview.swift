package import FleetModel
package import SSHClient

/// A host's key as it is known and as it is offered, for somebody to compare. Pure.
package struct HostKeyReview: Sendable {
  /// Where the known keys stand.
  package enum Source: Sendable, Hashable {
    /// `spec.hostKeys`: the inventory is somebody's to edit, never fleetd's.
    case inventory
    /// A known_hosts file, by its path.
    case knownHosts(String)
  }

  package let node: NodeSpec
  package let source: Source
  package let known: [SSHPublicKey]
  /// What answers at the address claims; the preferred type first, never empty.
  package let offered: [SSHPublicKey]

  package init(node: NodeSpec, source: Source, known: [SSHPublicKey], offered: [SSHPublicKey]) {
    self.node = node
    self.source = source
    self.known = known
    self.offered = offered
  }

  /// Whether the host is the one that is known: a connection asks for the types that are known.
  package var isSettled: Bool {
    let asked = offered.filter { key in known.contains { $0.type == key.type } }
    return !asked.isEmpty && asked.allSatisfy(known.contains)
  }

  /// The one key that is trusted: the one whose fingerprint was given, else the preferred. Each type came by a connection
  /// of its own, so that comparing one says nothing of the others.
  package func candidate(fingerprint: String?) throws(NodeFailure) -> SSHPublicKey? {
    guard let fingerprint else { return offered.first }
    if let key = offered.first(where: { $0.fingerprint == fingerprint }) { return key }
    throw NodeFailure(
      known.isEmpty ? .hostKeyUnknown : .hostKeyChanged,
      "\(node.name) offers no key with the fingerprint \(TerminalText.escape(fingerprint)), but "
        + offered.map(\.description).joined(separator: ", "),
      next: "somebody may be in between, or the fingerprint is another machine's: compare them on the node's console")
  }

  /// Old and new, and how to compare them.
  package var lines: [String] {
    let old = known.map { "  known    \($0)  (\(place))" }
    let new = offered.map { key in
      let isOther = known.contains { $0.type == key.type }
      return "  offered  \(key)" + (known.contains(key) ? "  (the same)" : isOther ? "  (another one)" : "")
    }
    return ["\(node.name)  \(node.address)"] + (known.isEmpty ? ["  known    none  (\(place))"] : old) + new
  }

  /// What to type on the node's own console.
  package static func comparison(of key: SSHPublicKey) -> String {
    "compare it with the node's own console (keyboard and screen, not ssh): ssh-keygen -lf /etc/ssh/\(key.fileName)"
  }

  /// The lines to put below the `spec` of the node's document.
  package static func inventoryLines(pinning key: SSHPublicKey) -> [String] {
    ["  hostKeys:", "    - \"\(key.line)\""]
  }

  private var place: String {
    switch source {
    case .inventory: "spec.hostKeys"
    case .knownHosts(let path): path
    }
  }
}
