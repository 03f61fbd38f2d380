/// What a node is in the k3s cluster.
package enum Role: String, Sendable, Hashable, CaseIterable {
  case server
  case agent

  /// The systemd unit that install.sh uses for this role, without its suffix.
  package var unit: String {
    switch self {
    case .server: "k3s"
    case .agent: "k3s-agent"
    }
  }
}
