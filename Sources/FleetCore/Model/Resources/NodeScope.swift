package import YAMLSource

/// What a kind may know of the node, besides its own entry, when it decodes.
package struct NodeScope: Sendable {
  package let name: String
  /// The fleet's name.
  package var fleet = ""
  package let role: Role?
  package let architecture: Architecture
  package let account: String
  /// The home that is declared for `account`; `nil`: none is.
  package var declaredHome: String?
  /// Where the account's authorized keys are looked for.
  package var home: String { declaredHome ?? (account == "root" ? "/root" : "/home/\(account)") }
  /// The fleet's k3s, if it has one.
  package let k3s: K3sSettings?
  /// Labels and taints for the Kubernetes node object, as `key=value` and `key=value:Effect`.
  package let kubernetesLabels: [String]
  package let kubernetesTaints: [String]
  /// Where the node's document stands, for what is wrong with a kind that has no entry of its own.
  package let mark: YAMLMark
  /// The board's serial number, as the inventory pins it.
  package var serial: String?
  /// Public keys that may look at the node and do nothing else.
  package var checkKeys: [String] = []
}
