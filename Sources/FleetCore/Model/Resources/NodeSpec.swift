package import YAMLSource

/// The desired state of one node: all layers merged, everything decoded and valid.
package struct NodeSpec: Sendable {
  package let name: String
  /// fleetd's own labels, for `-l key=value`.
  package let labels: [String: String]
  /// A host name or an IP address.
  package let address: String
  package let ssh: SSHSettings
  /// `ssh-ed25519 AAAA…` lines; empty: the control node's known_hosts decides.
  package let hostKeys: [String]
  package let role: Role?
  package let architecture: Architecture
  /// The board's serial number, as the inventory pins it: 16 hexadecimal digits, lowercase.
  package var serial: String?
  /// What the daemon may do to it at most; the control node's own mode comes first.
  package var mode = Mode.enforce
  /// All layers merged, as YAML: what is compared with another commit's. `nil`: nobody wrote it.
  package var document: YAMLNode?
  /// In the registry's order.
  package let resources: [any Resource]
  /// Where the node's document stands.
  package let mark: YAMLMark

  package func resource<R: Resource>(of type: R.Type) -> R? {
    for case let resource as R in resources { return resource }
    return nil
  }

  /// Everything that the kinds ask the probe, in the registry's order.
  package func probeRequests(with vault: SecretVault) -> [ProbeRequest] {
    resources.map { ProbeRequest(type(of: $0).kind, $0.probeLines(of: self, with: vault)) }
  }

  /// The secrets that this node's desired state names.
  package var secrets: [SecretReference] { resources.flatMap(\.secrets) }
}

/// How fleetd logs in.
package struct SSHSettings: Sendable, Hashable {
  package let user: String
  package let port: Int
  /// The bastion to go through; `nil`: none.
  package let proxyJump: ProxyJump?

  package init(user: String, port: Int, proxyJump: ProxyJump? = nil) {
    self.user = user
    self.port = port
    self.proxyJump = proxyJump
  }
}

/// A bastion in front of nodes, as OpenSSH's ProxyJump.
package struct ProxyJump: Sendable, Hashable {
  /// A host name or an IP address.
  package let address: String
  package let user: String
  package let port: Int
  /// `ssh-ed25519 AAAA…` lines; empty: the control node's known_hosts decides.
  package let hostKeys: [String]
}

extension NodeSpec {
  /// The same node with these kinds alone: for questions that are not about the rest.
  package func keeping(_ kinds: Set<ResourceKind>) -> NodeSpec {
    with(ssh, resources.filter { kinds.contains(type(of: $0).kind) })
  }

  /// The same node with other resources.
  func replacing(resources: [any Resource]) -> NodeSpec { with(ssh, resources) }

  /// The same node, entered by another account.
  package func entered(by user: String) -> NodeSpec {
    with(SSHSettings(user: user, port: ssh.port, proxyJump: ssh.proxyJump), resources)
  }

  private func with(_ ssh: SSHSettings, _ resources: [any Resource]) -> NodeSpec {
    var node = NodeSpec(
      name: name, labels: labels, address: address, ssh: ssh, hostKeys: hostKeys, role: role,
      architecture: architecture, resources: resources, mark: mark)
    node.serial = serial
    node.mode = mode
    node.document = document
    return node
  }
}
