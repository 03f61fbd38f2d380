extension TestFleet {
  /// `fleetd remove NAME --yes`.
  func remove(_ name: String, _ arguments: String...) async throws -> Output {
    try await Lab.execute(
      [
        "lab/exec", "--", "env", "CACHE_DIRECTORY=\(directory)/cache", Lab.binary, "remove", name, "--yes", "--repo",
        directory, "--config", directory + "/fleetd.yaml",
      ] + arguments)
  }
}

extension LabNode {
  /// A new card in the same board, with the host keys that the inventory pins.
  func reimage() async throws {
    try await Lab.run("lab/reimage", "--keep-host-keys", name)
    try await Lab.run("lab/power", "on", name)
  }

  func machineID() async throws -> String {
    try await run("cat /etc/machine-id").split(whereSeparator: \.isWhitespace).joined()
  }
}

extension TestCluster {
  /// Of a Node object, by a path of kubectl's.
  func node(_ node: LabNode, _ path: String) async throws -> String {
    try await kubectl("get node \(node.name) -o jsonpath='{\(path)}'")
  }

  /// How many members etcd itself counts, as a server sees it.
  func members(seenBy server: LabNode) async throws -> Int {
    let text = try await server.run(
      """
      tls=/var/lib/rancher/k3s/server/tls/etcd
      ETCDCTL_API=3 /usr/lib/fleetlab/control-plane/etcdctl --endpoints=https://127.0.0.1:2379 \
        --cacert=$tls/server-ca.crt --cert=$tls/client.crt --key=$tls/client.key member list
      """)
    return text.split(separator: "\n").filter { $0.contains("started") }.count
  }
}
