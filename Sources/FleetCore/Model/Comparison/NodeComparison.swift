import YAMLSource

/// What a commit changes for one node, desired state against desired state.
package struct NodeComparison: Sendable {
  package enum Fate: String, Sendable {
    case added
    case removed
    case changed
  }

  package let name: String
  package let role: Role?
  package let address: String
  package let fate: Fate
  package let changes: [DeclaredChange]
  /// What is to be expected of a node that was in sync before; what a node really is decides.
  package let disturbance: ChangeSet.Disturbance

  /// `nil`: nothing changes for it.
  init?(from before: NodeSpec, to after: NodeSpec) {
    let declared = DeclarationDiff.changes(
      from: before.document, to: after.document, DocumentSchema.node, skipping: ["profiles", "k3s"])
    var changes = Self.labels(before.labels, after.labels) + declared
    var disturbance =
      declared.contains { ["boot", "cgroups"].contains($0.kind) && !$0.name.hasPrefix("rebootDeadline") }
      ? ChangeSet.Disturbance.reboots : .none
    let ofK3s = K3sDeclarations(before.resource(of: K3s.self), after.resource(of: K3s.self))
    changes += ofK3s.changes
    disturbance = max(disturbance, ofK3s.disturbance)
    changes += Self.images(before.resource(of: AirgapImages.self), after.resource(of: AirgapImages.self))
    guard !changes.isEmpty else { return nil }
    self.init(after, .changed, changes, disturbance)
  }

  /// A node that only one of the two commits declares.
  init(only node: NodeSpec, _ fate: Fate) {
    let changes = DeclarationDiff.changes(
      from: fate == .removed ? node.document : nil, to: fate == .added ? node.document : nil, DocumentSchema.node,
      skipping: ["profiles", "address", "role", "hostKeys"])
    self.init(node, fate, fate == .added ? changes : [], .none)
  }

  private init(_ node: NodeSpec, _ fate: Fate, _ changes: [DeclaredChange], _ disturbance: ChangeSet.Disturbance) {
    name = node.name
    role = node.role
    address = node.address
    self.fate = fate
    self.changes = changes
    self.disturbance = disturbance
  }

  private static func labels(_ before: [String: String], _ after: [String: String]) -> [DeclaredChange] {
    Set(before.keys).union(after.keys).sorted().compactMap { key in
      let (old, new) = (before[key], after[key])
      guard old != new else { return nil }
      return DeclaredChange(old == nil ? .add : new == nil ? .remove : .change, "labels", key, from: old, to: new)
    }
  }

  /// With another release come its own images: its version says that already.
  private static func images(_ before: AirgapImages?, _ after: AirgapImages?) -> [DeclaredChange] {
    switch (before, after) {
    case (nil, .some):
      [DeclaredChange(.add, "k3s", "airgapImages", note: "the release's images are copied to the node")]
    case (.some, nil): [DeclaredChange(.remove, "k3s", "airgapImages", note: "the images stay on the node, unmanaged")]
    default: []
    }
  }

  /// What follows from its fate, in words; `nil`: its changes say it.
  package var remark: String? {
    switch fate {
    case .added: "new: it is made as declared, and joins the cluster where it has a role"
    case .removed:
      "no longer declared: nothing is done to the machine; fleetd remove \(name) takes it out of the cluster"
    case .changed: nil
    }
  }
}

/// What changes of k3s on one node: its release, and what its files hold.
private struct K3sDeclarations {
  var changes: [DeclaredChange] = []
  var disturbance = ChangeSet.Disturbance.none

  init(_ before: K3s?, _ after: K3s?) {
    guard let after else {
      if before != nil {
        changes.append(
          DeclaredChange(.remove, "k3s", "", note: "no longer declared: k3s stays on the machine, unmanaged"))
      }
      return
    }
    guard let before else {
      changes.append(DeclaredChange(.add, "k3s", "version", to: "\(after.version)", note: "k3s is installed"))
      return
    }
    compareVersions(before.version, after.version, after.role)
    let paths =
      before.files.map(\.path) + after.files.map(\.path).filter { path in !before.files.contains { $0.path == path } }
    for path in paths {
      let (old, new) = (before.files.first { $0.path == path }, after.files.first { $0.path == path })
      guard old?.content != new?.content else { continue }
      disturbance = max(disturbance, .restartsK3s)
      changes.append(
        DeclaredChange(
          old == nil ? .add : new == nil ? .remove : .change, "k3s", path,
          diff: LineDiff.unified(from: old?.content.named ?? "", to: new?.content.named ?? ""),
          note: "restarts \(after.role.unit)"))
    }
  }

  private mutating func compareVersions(_ old: K3sVersion, _ new: K3sVersion, _ role: Role) {
    guard old != new else { return }
    let isMinor = (old.major, old.minor) != (new.major, new.minor)
    disturbance = isMinor ? .upgradesK3s : .restartsK3s
    var note = isMinor ? "drains the node, restarts \(role.unit)" : "restarts \(role.unit)"
    if case .refused(_, let message, _) = K3sUpgradeRule.verdict(
      from: old, to: new, role: role, isLiving: true, server: new)
    {
      note = "will be refused: \(message)"
    }
    changes.append(DeclaredChange(.change, "k3s", "version", from: "\(old)", to: "\(new)", note: note))
  }
}

extension Content {
  /// The text with the names of its secrets, as the repository has them.
  fileprivate var named: String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .secret(let reference): "{secret: \(reference.name)}"
      }
    }.joined()
  }
}
