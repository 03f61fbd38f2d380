import Foundation

/// Asks the API every 100 ms, through all servers as a client with several endpoints does: a poll fails when no server
/// answers it.
struct APIPoller: Sendable {
  let polls: Int
  let failed: Int

  /// Polls while `body` runs.
  static func during<Result: Sendable>(
    _ cluster: TestCluster, _ body: () async throws -> Result
  ) async throws -> (result: Result, polls: APIPoller) {
    let stop = "\(cluster.fleet.directory)/stop-polling"
    let addresses = cluster.servers.map(\.address).joined(separator: " ")
    let kubeconfig = try await cluster.servers[0].run("cat /etc/rancher/k3s/k3s.yaml")
    let files = "\(cluster.fleet.directory)/poller"
    try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
    for (key, name) in [
      ("certificate-authority-data", "ca.pem"), ("client-certificate-data", "cert.pem"), ("client-key-data", "key.pem"),
    ] {
      let line = kubeconfig.split(separator: "\n").first { $0.contains("\(key):") } ?? ""
      let data = Data(base64Encoded: line.split(separator: " ").last.map(String.init) ?? "") ?? Data()
      try data.write(to: URL(filePath: "\(files)/\(name)"))
    }
    async let output = Lab.execute(["lab/exec", "--", "sh", "-c", script, "sh", stop, files, addresses])
    let result = try await body()
    try Data().write(to: URL(filePath: stop))
    let words = try await output.text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    return (result, APIPoller(polls: words.first ?? 0, failed: words.count > 1 ? words[1] : words.first ?? -1))
  }

  /// Each server gets a second; a poll begins with the server that answered last, as client-go does.
  private static let script = #"""
    polls=0; failed=0; order=$3
    while [ ! -e "$1" ]; do
      polls=$((polls + 1)); answered=; rest=
      for server in $order; do
        if [ -z "$answered" ] && [ "$(curl -s -m 2 --cacert "$2/ca.pem" --cert "$2/cert.pem" --key "$2/key.pem" \
          -o /dev/null -w '%{http_code}' "https://$server:6443/api/v1/namespaces/default")" = 200 ]; then
          answered=$server
        else rest="$rest $server"; fi
      done
      [ -n "$answered" ] || failed=$((failed + 1))
      order="$answered $rest"
      sleep 0.1
    done
    echo "$polls $failed"
    """#
}
