import Testing

@testable import FleetModel

@Suite("the Node object: which labels a kubelet may register with")
struct NodeLabelRuleTests {
  @Test(
    "a kubelet registers with own labels and those that Kubernetes leaves to it",
    arguments: [
      "rack", "example.org/rack", "kubernetes.io/os", "topology.kubernetes.io/zone", "node.kubernetes.io/x",
      "a.node.kubernetes.io/x", "kubelet.kubernetes.io/x", "notkubernetes.io/x",
    ])
  func allowed(key: String) { #expect(NodeLabelRule.isKubeletAllowed(key)) }

  @Test(
    "and not with those that Kubernetes keeps from it",
    arguments: ["node-role.kubernetes.io/worker", "kubernetes.io/role", "k8s.io/x", "a.k8s.io/x"])
  func kept(key: String) { #expect(!NodeLabelRule.isKubeletAllowed(key)) }

  @Test("taints are read as kubectl writes them")
  func taints() {
    #expect(KubernetesNode.Taint("a=b:NoSchedule") == .init(key: "a", value: "b", effect: "NoSchedule"))
    #expect(KubernetesNode.Taint("x.io/a:NoExecute") == .init(key: "x.io/a", value: nil, effect: "NoExecute"))
    #expect(KubernetesNode.Taint("a=:NoExecute") == .init(key: "a", value: nil, effect: "NoExecute"))
    for text in ["", "a", "a:Never", "a\":NoExecute", ":NoExecute"] { #expect(KubernetesNode.Taint(text) == nil) }
  }
}
