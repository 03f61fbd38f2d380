/// What a node's kinds may know of the cluster when they plan.
package struct ClusterContext: Sendable {
  /// As the first server that answered sees it.
  package let view: ClusterView?
  /// How k3s comes up on this node, where it is a server; `nil`: it is none.
  package let start: Founding.Start?
  /// URLs of servers whose k3s runs.
  package let running: [String]
  /// Lowercase SHA-256 of the cluster's CA, as a server that runs has it: the hash of tokens in the secure form.
  package let authority: String?
  /// What the servers say of the cluster's token.
  package var token = K3sClusterToken.unknown

  package init(view: ClusterView?, start: Founding.Start?, running: [String], authority: String?) {
    self.view = view
    self.start = start
    self.running = running
    self.authority = authority
  }

  package static let none = ClusterContext(view: nil, start: nil, running: [], authority: nil)
}
