import FoundationEssentials

/// The constant script that looks at the cluster from one server, and its answer taken apart. It reads and never writes.
package enum ClusterProbe {
  package static let kind = ResourceKind("cluster")

  package static let script = [
    "{", StepPrelude.sharedFunctions, ServerScript.functions, fragment.text,
    #"printf '\nfleetd-probe 1\nsection cluster\n'; probe_cluster; printf 'end 1\n'"#, "}",
  ]
  .joined(separator: "\n")

  /// Two requests that need nothing of the API's discovery. What kubectl says besides is not part of the answer.
  package static let fragment = ProbeFragment(
    #"""
    emit() { printf '= %s %s\n%s\n' "$1" "${#2}" "$2"; }
    ask() {
      if asked=$(kube 20 get --raw "$2" 2> /dev/null < /dev/null); then emit "$1" "$asked"; else emit problem "$2"; fi
    }
    probe_cluster() {
      emit clock "$(date -u +%s)"
      emit authority "$(sha256sum < /var/lib/rancher/k3s/server/tls/server-ca.crt 2> /dev/null | cut -c 1-64)"
      ready=$(kube 10 get --raw /readyz 2>&1 < /dev/null)
      if [ "$ready" = ok ]; then
        emit ready ok
        ask nodes /api/v1/nodes
        ask leases /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases
      else
        emit ready "$(printf '%s' "$ready" | head -c 1000)"
      fi
    }
    """#
  )

  private struct Listed<Item: Decodable>: Decodable {
    let items: [Item]
  }

  private struct Lease: Decodable {
    struct Metadata: Decodable { let name: String }
    struct Spec: Decodable { let renewTime: String? }
    let metadata: Metadata
    let spec: Spec?
  }

  /// - Throws: `ProbeError` when the answer cannot be used. An API server that does not answer is no error: the view
  ///   says so.
  package static func parse(_ bytes: [UInt8], from server: String) throws(ProbeError) -> ClusterView {
    let section = try ProbeTranscript(parsing: bytes).section(kind)
    guard let clock = section.word("clock").flatMap(Int.init) else { throw .missing(section: "cluster.clock") }
    let ready = try section.required("ready").trimmingWhitespace()
    let authority = section.word("authority").flatMap { $0.utf8.count == 64 ? $0 : nil }
    let problem = ready == "ok" ? section.word("problem").map { "it does not answer \($0)" } : ready
    guard problem == nil else {
      return ClusterView(server: server, clock: clock, authority: authority, problem: problem, nodes: [])
    }
    let listed: Listed<KubernetesNode> = try decoded(section, "nodes")
    let leases: Listed<Lease> = try decoded(section, "leases")
    let heartbeats = Dictionary(leases.items.map { ($0.metadata.name, $0.spec?.renewTime) }) { one, _ in one }
    let nodes = listed.items.map { node in
      var node = node
      node.heartbeat = heartbeats[node.name] ?? nil
      return node
    }
    return ClusterView(server: server, clock: clock, authority: authority, problem: nil, nodes: nodes)
  }

  private static func decoded<Value: Decodable>(
    _ section: ProbeSection, _ key: String
  ) throws(ProbeError) -> Value {
    guard let bytes = section.bytes(key) else { throw .missing(section: "cluster.\(key)") }
    do { return try JSONDecoder().decode(Value.self, from: Data(bytes)) } catch {
      throw .garbled("the cluster's \(key)")
    }
  }
}
