/// What must be true of the cluster before a roll-out goes on. Data: `verdict(on:since:)` decides, from fresh views.
package struct Gate: Sendable, Hashable {
  package enum Condition: Sendable, Hashable {
    /// etcd keeps its quorum while this server is away.
    case quorum(without: String)
    /// etcd keeps its quorum when this member is no member any more: fewer are needed then.
    case quorumAfterRemoval(of: String)
    /// No machine reports as this node: it is not Ready, or its heartbeat has stopped.
    case nodeSilent(String)
    /// The node's kubelet says Ready with a heartbeat that is newer than the gate; with this version and another boot
    /// id, where they are given.
    case nodeReady(String, version: String?, notBoot: String?)
    /// Each of these servers' API servers answers, itself and through its own member of etcd.
    case serversHealthy([String])
  }

  package let conditions: [Condition]
  /// Who is looked at: the servers whose own answer counts.
  package var asked: [String] {
    conditions.flatMap { condition -> [String] in
      if case .serversHealthy(let names) = condition { names } else { [] }
    }
  }

  package init(_ conditions: [Condition]) { self.conditions = conditions }
}
