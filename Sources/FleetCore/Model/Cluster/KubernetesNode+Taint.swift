extension KubernetesNode.Taint {
  /// `key=value:Effect` or `key:Effect`, as an inventory and kubectl(1) write it; `nil`: it is none.
  package init?(_ text: String) {
    guard TextRule.taint.problem(with: text) == nil, let colon = text.lastIndex(of: ":") else { return nil }
    let halves = text[..<colon].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let value = halves.count == 2 && !halves[1].isEmpty ? halves[1] : nil
    self.init(key: halves[0], value: value, effect: String(text[text.index(after: colon)...]))
  }

  /// What tells taints of one node apart: two of the same key and effect cannot be.
  package var identity: String { "\(key):\(effect)" }

  /// Whether the control plane or the kubelet sets and takes it by itself.
  package var isOfCluster: Bool { key.hasPrefix("node.kubernetes.io/") || key.hasPrefix("node.cloudprovider.") }

  /// As JSON, to be put into a patch. Of what an inventory may hold nothing needs an escape.
  var json: String {
    #"{"key":"\#(key)","effect":"\#(effect)""# + (value.map { #","value":"\#($0)""# } ?? "") + "}"
  }
}
