/// What a cluster is made with and cannot change afterwards, neither by k3s nor by fleetd.
package enum K3sImmutables {
  package struct Difference: Sendable, Hashable {
    package let key: String
    package let present: String
    package let wanted: String
  }

  /// Keys of config.yaml that k3s reads once, and what a missing key means.
  private static let keys: [(key: String, standard: String)] = [
    ("cluster-cidr", "10.42.0.0/16"),
    ("service-cidr", "10.43.0.0/16"),
    ("cluster-dns", "10.43.0.10"),
    ("cluster-domain", "cluster.local"),
    ("flannel-backend", "vxlan"),
    ("secrets-encryption", "false"),
    ("data-dir", K3sPaths.data),
  ]

  /// What a living node would have to become.
  ///
  /// - Parameters:
  ///   - present: config.yaml and the unit's arguments as they are on the node.
  ///   - hostname: what k3s calls a node without `node-name`.
  package static func differences(
    from present: K3sConfiguration,
    to wanted: K3sConfiguration,
    hostname: String
  ) -> [Difference] {
    (keys + [("node-name", hostname.lowercased())]).compactMap { key, standard in
      let before = (present.values(of: key) ?? [standard]).joined(separator: ",")
      let after = (wanted.values(of: key) ?? [standard]).joined(separator: ",")
      // k3s writes a node's name in small letters.
      return before == after || (key == "node-name" && before.lowercased() == after)
        ? nil : Difference(key: key, present: before, wanted: after)
    }
  }
}
