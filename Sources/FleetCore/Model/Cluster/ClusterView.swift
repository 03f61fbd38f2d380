/// The cluster as one server sees it at one moment.
package struct ClusterView: Sendable, Hashable {
  /// The node that was asked.
  package let server: String
  /// Its clock, in seconds since 1970 UTC.
  package let clock: Int
  /// Lowercase SHA-256 of its server-ca.crt: the hash in tokens of the secure form. `nil`: it has none.
  package let authority: String?
  /// Why its API server does not answer; `nil`: it does.
  package let problem: String?
  package let nodes: [KubernetesNode]

  package init(server: String, clock: Int, authority: String?, problem: String?, nodes: [KubernetesNode]) {
    self.server = server
    self.clock = clock
    self.authority = authority
    self.problem = problem
    self.nodes = nodes
  }

  package var isAnswering: Bool { problem == nil }

  package func node(_ name: String) -> KubernetesNode? { nodes.first { $0.name == name } }

  /// Members of the embedded etcd; none where the datastore is another.
  package var members: [KubernetesNode] { nodes.filter(\.isEtcdMember) }

  /// How many members must be healthy so that the cluster can be written to.
  package var quorum: Int { members.count / 2 + 1 }
}

/// What one pass could find out about the cluster.
package struct ClusterObservation: Sendable {
  /// From the first server that answered; `nil`: none did, or there is no server to ask.
  package let view: ClusterView?
  /// Why the others did not, by node.
  package let problems: [String: String]

  package init(view: ClusterView?, problems: [String: String] = [:]) {
    self.view = view
    self.problems = problems
  }

  package static let none = ClusterObservation(view: nil)
}
