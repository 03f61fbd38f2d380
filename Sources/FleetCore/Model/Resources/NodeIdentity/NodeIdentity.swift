package import YAMLSource

/// Who a node is to its cluster: a card that was written anew has a past there, under the same name.
///
/// The Node object, the node's password and, of a server, its member of etcd keep a blank node from joining. They are
/// cleared before k3s is started, and only where the board proves that it is that node: see `verdict(in:)`.
package struct NodeIdentity: Resource {
  package static let kind = ResourceKind("identity")

  package let name: String
  package let role: Role

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> NodeIdentity? {
    guard let role = scope.role, scope.k3s != nil else { return nil }
    return NodeIdentity(name: scope.name, role: role)
  }

  package static let probe = ProbeFragment(
    #"""
    probe_identity() { [ ! -e /etc/rancher/node/password ] || emit password present; return 0; }
    """#
  )

  /// Whether the node has the password with which it joined. k3s takes it for the same node then, whatever else is new.
  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Bool {
    section.word("password") != nil
  }

  package func plan(from hasPassword: Bool, in context: PlanContext) -> KindPlan {
    switch verdict(in: context) {
    case .nothingToClear: return KindPlan()
    case .withheld(let finding): return KindPlan(findings: [finding])
    case .clears(let past):
      // Without a start of k3s in this pass nothing would come of it.
      let start = context.changeSets.last { set in
        set.disturbance != .none && set.changes.contains { $0.kind == K3s.kind }
      }
      guard let start else { return KindPlan() }
      let change = Change(.act, Self.kind, name, note: "clears its past: \(Self.words(for: past))")
      return KindPlan(changeSets: [
        ChangeSet(
          [change], steps: clearingSteps(of: past), disturbance: start.disturbance, held: start.held)
      ])
    }
  }

  /// Of the old machine id the beginning: machine-id(5) asks to keep it to oneself.
  private static func words(for past: KubernetesNode) -> String {
    let machine = past.machineID.isEmpty ? "" : " (machine id \(past.machineID.prefix(8))…)"
    return ["Node object\(machine)", "node password"].joined(separator: ", ")
      + (past.isEtcdMember ? ", etcd member" : "")
  }

  /// These change sets with what clears a past in front: k3s must not start before.
  static func leading(_ changeSets: [ChangeSet]) -> [ChangeSet] {
    func isOfIdentity(_ set: ChangeSet) -> Bool { set.changes.contains { $0.kind == kind } }
    return changeSets.filter(isOfIdentity) + changeSets.filter { !isOfIdentity($0) }
  }
}
