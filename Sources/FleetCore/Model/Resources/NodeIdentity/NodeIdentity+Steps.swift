extension NodeIdentity {
  func clearingSteps(of past: KubernetesNode) -> [Step] {
    var steps = [
      Step(
        "see that no other machine answers as \(name)", .await(Gate([.nodeSilent(name)])), deadline: .seconds(120))
    ]
    if past.isEtcdMember {
      steps.append(
        Step(
          "see that etcd can do without the old member of \(name)", .await(Gate([.quorumAfterRemoval(of: name)])),
          deadline: .seconds(120)))
    }
    return steps + [past.clearingStep("clear the past of \(name) from the cluster")]
  }
}
