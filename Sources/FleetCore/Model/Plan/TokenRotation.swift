/// Giving a cluster a new token: what forbids it, how far it has come, and what is left to do on the nodes.
///
/// The order is k3s': a living server is told, which encrypts the datastore anew; from then on every server must start with
/// the new token and no other. So the servers are restarted with it one after the other, then the agents, in the waves of
/// any other roll-out, and both tokens are kept until the last node has the new one.
package struct TokenRotation: Sendable {
  /// The plan that gives every node the new token and does nothing else.
  package let plan: FleetPlan
  /// Whether a server has told the datastore already.
  package let isClusterTold: Bool
  /// Nodes that could not be seen, and get the new token when they are back.
  package let missing: [String]

  package static let previous = SecretReference("previous token")
  package static let next = SecretReference("next token")

  package struct Refusal: Error, Sendable, Hashable {
    package let reasons: [Finding]
  }

  /// - Parameters:
  ///   - plan: made with the new token.
  ///   - next: its digest.
  ///   - underWay: the digest of the token to which a rotation has begun and not ended.
  package init(over fleet: Fleet, _ plan: FleetPlan, to next: String, underWay: String? = nil) throws(Refusal) {
    let servers = plan.nodes.filter { $0.role == .server }
    let digests = servers.compactMap { $0.observed?.k3s?.tokenDigests[K3sPaths.serverToken] }
    isClusterTold = digests.contains(next) || underWay == next
    var reasons: [Finding] = []
    func refuse(_ message: String, next: String) {
      reasons.append(Finding(.refused, .k3sTokenDrift, K3s.kind, message, next: next))
    }
    if let underWay, underWay != next {
      refuse(
        "a rotation to another token has begun and not ended",
        next: "put that token back (server/token of a server that was restarted since), and let this command end it")
    }
    if servers.isEmpty { refuse("the fleet has no k3s server", next: "give one Node role: server") }
    for server in servers where server.observed?.k3s?.isRunning != true || server.observed?.k3s?.data.datastore == nil {
      let why = server.failure.map { ": \($0.message)" } ?? ""
      refuse("\(server.node) is no running server of the cluster now\(why)", next: "bring it back first: fleetd --once")
    }
    if Set(digests).count > 1, !isClusterTold {
      refuse(
        "the servers do not agree on the present token, and none has the new one",
        next: "restart those that lag behind with the cluster's token first")
    }
    for node in plan.nodes {
      if let foreign = node.observed?.k3s?.foreignUnit {
        refuse(
          "\(foreign.unit) on \(node.node) was set up by somebody else: fleetd does not know where its token stands",
          next: "let fleetd take it over first, by any change to its k3s")
      }
      for finding in node.findings where finding.severity == .refused && finding.kind == K3s.kind {
        reasons.append(finding)
      }
      let others = node.tokenSets.flatMap(\.changes).filter { !Self.isOfToken($0) }
      if let other = others.first {
        refuse(
          "\(node.node) is owed another change of k3s: \(other.name)",
          next: "make the fleet converge first: fleetd --once")
      }
    }
    guard reasons.isEmpty else { throw Refusal(reasons: reasons) }
    missing = plan.nodes.filter { $0.role != nil && $0.observed == nil }.map(\.node)
    // Agents come last: one that has the new token is turned away by a server that has the old one.
    let isServerHeld = servers.contains { server in server.tokenSets.contains { $0.held != nil } }
    self.plan = plan.keeping(
      plan.nodes.filter { $0.role == .server || !isServerHeld }.map { $0.withTokenSetsAlone() })
  }

  /// Nodes that do not have the new token yet.
  package static func lagging(in plan: FleetPlan) -> [String] {
    plan.nodes.filter { $0.role != nil && ($0.observed == nil || !$0.tokenSets.isEmpty) }.map(\.node)
  }

  private static func isOfToken(_ change: Change) -> Bool {
    change.name == K3sPaths.token || change.action == .act
  }
}

extension NodePlan {
  /// What gives k3s another token on this node.
  fileprivate var tokenSets: [ChangeSet] {
    changeSets.filter { set in set.changes.contains { $0.kind == K3s.kind && $0.name == K3sPaths.token } }
  }

  fileprivate func withTokenSetsAlone() -> NodePlan {
    guard let observed else { return self }
    return NodePlan(
      node: node, address: address, role: role, isSelected: isSelected,
      state: .observed(
        Observed(facts: observed.facts, k3s: observed.k3s, changeSets: tokenSets, findings: observed.findings)))
  }
}
