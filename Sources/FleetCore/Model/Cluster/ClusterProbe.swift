/// The constant script that looks at the cluster from one server, and its answer taken apart. It reads and never writes.
package enum ClusterProbe {
  package static let kind = ResourceKind("cluster")

  package static let script = ["{", StepPrelude.sharedFunctions, ServerScript.functions, text, "}"]
    .joined(separator: "\n")

  /// kubectl writes maps and lists as JSON, in which control characters are escaped: a line is a line.
  private static let text = #"""
    emit() { printf '= %s %s\n%s\n' "$1" "${#2}" "$2"; }
    printf '\nfleetd-probe 1\nsection cluster\n'
    emit clock "$(date -u +%s)"
    emit authority "$(sha256sum < /var/lib/rancher/k3s/server/tls/server-ca.crt 2> /dev/null | cut -c 1-64)"
    ready=$(kube 10 get --raw /readyz 2>&1 < /dev/null)
    if [ "$ready" = ok ]; then
      emit ready ok
      form='{range .items[*]}{.kind}{"\t"}{.metadata.name}{"\t"}{.metadata.uid}{"\t"}{.spec.renewTime}{"\t"}{.spec.unschedulable}{"\t"}{.metadata.labels}{"\t"}{.metadata.annotations}{"\t"}{.spec.taints}{"\t"}{.status.conditions}{"\t"}{.status.nodeInfo}{"\n"}{end}'
      nodes=$(kube 20 get nodes --output "jsonpath=$form" 2> /dev/null < /dev/null) || emit problem "the Nodes cannot be listed"
      leases=$(kube 20 get leases.coordination.k8s.io --namespace kube-node-lease --output "jsonpath=$form" 2> /dev/null < /dev/null)
      listed="$nodes$newline$leases"
      emit objects "$listed"
    else
      emit ready "$(printf '%s' "$ready" | head -c 1000)"
    fi
    printf 'end 1\n'
    """#

  /// - Throws: `ProbeError` when the answer cannot be used. An API server that does not answer is no error: the view
  ///   says so.
  package static func parse(_ bytes: [UInt8], from server: String) throws(ProbeError) -> ClusterView {
    let section = try ProbeTranscript(parsing: bytes).section(kind)
    guard let clock = section.word("clock").flatMap(Int.init) else { throw .missing(section: "cluster.clock") }
    let ready = try section.required("ready").trimmingWhitespace()
    let authority = section.word("authority").flatMap { $0.utf8.count == 64 ? $0 : nil }
    guard ready == "ok" else {
      return ClusterView(server: server, clock: clock, authority: authority, problem: ready, nodes: [])
    }
    if let problem = section.word("problem") {
      return ClusterView(server: server, clock: clock, authority: authority, problem: problem, nodes: [])
    }
    var nodes: [KubernetesNode] = []
    var heartbeats: [String: String] = [:]
    for fields in section.table("objects") {
      guard fields.count == 10 else { throw .garbled("an object of the cluster") }
      switch fields[0] {
      case "Lease": heartbeats[fields[1]] = fields[3]
      case "Node": nodes.append(try KubernetesNode(fields: fields))
      default: throw .garbled("an object of kind \(fields[0])")
      }
    }
    for index in nodes.indices { nodes[index].heartbeat = heartbeats[nodes[index].name] }
    return ClusterView(server: server, clock: clock, authority: authority, problem: nil, nodes: nodes)
  }
}
