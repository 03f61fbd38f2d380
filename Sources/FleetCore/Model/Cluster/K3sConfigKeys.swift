/// The keys that k3s knows in config.yaml: its long flags, without the dashes.
///
/// k3s itself skips a key that it does not know with a line in its log, so that a typing error silently does nothing.
/// The table follows `k3s server --help` and `k3s agent --help` of the releases 1.30 to 1.34, hidden flags included.
package enum K3sConfigKeys {
  /// What k3s makes of a key's value.
  package enum Shape: Sendable, Hashable {
    /// true or false.
    case flag
    /// One value.
    case text
    /// A whole number.
    case number
    /// An octal mode, which must be quoted: readers of YAML 1.1 take a bare 0644 for 420.
    case mode
    /// One value or several.
    case list

    var expectation: String {
      switch self {
      case .flag: "true or false"
      case .text: "one value"
      case .number: "a whole number"
      case .mode: "an octal mode in quotes, such as \"0644\""
      case .list: "a value or a list of values"
      }
    }
  }

  /// The keys that a node of this role may set.
  package static func known(to role: Role) -> [String: Shape] {
    switch role {
    case .server: ofServers
    case .agent: ofAgents
    }
  }

  private static let ofServers = everywhere.merging(onServers) { own, _ in own }
  private static let ofAgents = everywhere.merging(onAgents) { own, _ in own }

  /// A server runs an agent too: it knows these as well.
  private static let everywhere = table([
    .flag: """
    debug alsologtostderr selinux protect-kernel-defaults disable-default-registry-endpoint nonroot-devices rootless
    prefer-bundled-bin docker enable-pprof
    """,
    .text: """
    vmodule log bind-address image-credential-provider-bin-dir image-credential-provider-config
    container-runtime-endpoint default-runtime image-service-endpoint pause-image snapshotter resolv-conf
    flannel-iface flannel-conf flannel-cni-conf vpn-auth-file
    """,
    .number: "v lb-server-port",
    .list: """
    node-ip node-external-ip node-internal-dns node-external-dns kubelet-arg kube-proxy-arg airgap-extra-registry
    """,
  ])

  private static let onAgents = table([.flag: "disable-apiserver-lb"])

  private static let onServers = table([
    .flag: """
    tls-san-security flannel-ipv6-masq flannel-external-ip etcd-expose-metrics etcd-disable-snapshots
    etcd-snapshot-compress etcd-s3 etcd-s3-skip-ssl-verify etcd-s3-insecure disable-scheduler
    disable-cloud-controller disable-kube-proxy disable-network-policy disable-helm-controller disable-apiserver
    disable-controller-manager disable-etcd disable-agent embedded-registry supervisor-metrics secrets-encryption
    kine-tls
    """,
    .text: """
    advertise-address apiserver-bind-address service-node-port-range cluster-domain flannel-backend
    egress-selector-mode servicelb-namespace write-kubeconfig write-kubeconfig-group helm-job-image
    agent-token-file etcd-snapshot-name etcd-snapshot-schedule-cron etcd-snapshot-dir
    etcd-snapshot-reconcile-interval etcd-s3-endpoint etcd-s3-endpoint-ca etcd-s3-bucket
    etcd-s3-bucket-lookup-type etcd-s3-region etcd-s3-folder etcd-s3-proxy etcd-s3-config-secret etcd-s3-timeout
    default-local-storage-path system-default-registry secrets-encryption-provider
    """,
    .number: """
    https-listen-port supervisor-port apiserver-port advertise-port etcd-snapshot-retention etcd-s3-retention
    """,
    .mode: "write-kubeconfig-mode",
    .list: """
    tls-san cluster-cidr service-cidr cluster-dns kube-apiserver-arg etcd-arg kube-controller-manager-arg
    kube-scheduler-arg kube-cloud-controller-manager-arg disable
    """,
  ])

  /// Keys of k3s that the inventory says in another way, and what to write instead.
  package static let replaced: [String: String] = [
    "token": "write spec.k3s.token: {secret: NAME} in the Fleet",
    "token-file": "write spec.k3s.token: {secret: NAME} in the Fleet",
    "cluster-secret": "write spec.k3s.token: {secret: NAME} in the Fleet",
    "agent-token": "put {secret: NAME} into a file of its own under files, and name that in agent-token-file",
    "server": "write spec.k3s.endpoint in the Fleet",
    "cluster-init": "write spec.k3s.datastore: etcd in the Fleet",
    "datastore-endpoint": "write spec.k3s.datastore in the Fleet: etcd or sqlite",
    "datastore-cafile": "write spec.k3s.datastore in the Fleet: etcd or sqlite",
    "datastore-certfile": "write spec.k3s.datastore in the Fleet: etcd or sqlite",
    "datastore-keyfile": "write spec.k3s.datastore in the Fleet: etcd or sqlite",
    "cluster-reset": "it is an act and no setting: run it by hand on the server",
    "cluster-reset-restore-path": "it is an act and no setting: run it by hand on the server",
    "node-name": "leave it out: a node is called as its Node document says",
    "with-node-id": "leave it out: a node is called as its Node document says",
    "node-label": "write spec.kubernetes.labels in the Node",
    "node-taint": "write spec.kubernetes.taints in the Node",
    "config": "leave it out: fleetd writes /etc/rancher/k3s/config.yaml",
    "data-dir": "leave it out: mount a disk at /var/lib/rancher",
    "private-registry": "write spec.k3s.registries in the Fleet",
    "etcd-s3-access-key": "keep it in a Secret of the cluster, and name that in etcd-s3-config-secret",
    "etcd-s3-secret-key": "keep it in a Secret of the cluster, and name that in etcd-s3-config-secret",
    "etcd-s3-session-token": "keep it in a Secret of the cluster, and name that in etcd-s3-config-secret",
    "vpn-auth": "put {secret: NAME} into a file of its own under files, and name that in vpn-auth-file",
    "no-deploy": "write disable",
    "no-flannel": "write flannel-backend: none",
  ]

  /// What k3s makes of the key's value, on whichever role; `nil`: the inventory does not write it, or k3s has no such key.
  package static func shape(of key: String) -> Shape? { ofServers[key] ?? ofAgents[key] }

  /// Whether the key may have several values.
  package static func isList(_ key: String) -> Bool {
    shape(of: key) == .list || key == "node-label" || key == "node-taint"
  }

  /// Whether the key stands alone on a command line, without a value behind it.
  package static func isFlag(_ key: String) -> Bool {
    shape(of: key) == .flag || ["cluster-init", "cluster-reset", "with-node-id", "no-flannel"].contains(key)
  }

  private static func table(_ names: [Shape: String]) -> [String: Shape] {
    var table: [String: Shape] = [:]
    for (shape, text) in names {
      for name in text.split(whereSeparator: \.isWhitespace) { table[String(name)] = shape }
    }
    return table
  }
}
