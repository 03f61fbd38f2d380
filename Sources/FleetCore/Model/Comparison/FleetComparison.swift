/// What a branch changes: the desired state of one commit against that of another. Pure; no node was looked at.
package struct FleetComparison: Sendable {
  /// One side: what a commit declares, as far as it is valid.
  package struct Side: Sendable {
    /// `nil`: its inventory is not valid.
    package let fleet: Fleet?
    package let manifests: ManifestSet
    /// What is wrong with it, each with its place.
    package let problems: [String]

    package init(fleet: Fleet?, manifests: ManifestSet, problems: [String] = []) {
      self.fleet = fleet
      self.manifests = manifests
      self.problems = problems
    }
  }

  package let fleet: String
  /// The commit that is compared with, in full.
  package let base: String
  package let head: Revision
  /// Nodes that either of the two declares.
  package let nodeCount: Int
  /// Of the Fleet's document.
  package let settings: [DeclaredChange]
  /// Those for which something changes, by name.
  package let nodes: [NodeComparison]
  package let manifests: [ManifestComparison]
  package let rollout: ExpectedRollout
  package let notes: [String]
  /// What is wrong with the base: with an inventory that is not valid, nothing of it could be compared.
  package let baseProblems: [String]

  package init(from base: Side, at commit: String, to head: Fleet, _ manifests: ManifestSet, _ revision: Revision) {
    fleet = head.name
    self.base = commit
    self.head = revision
    baseProblems = base.problems
    guard let old = base.fleet else {
      nodeCount = head.nodes.count
      settings = []
      nodes = []
      self.manifests = []
      rollout = ExpectedRollout(of: [], in: head)
      notes = [
        "the base does not validate, so nothing can be compared: \(Counted.phrase(head.nodes.count, "node"))"
          + " and \(Counted.phrase(manifests.objects.count, "object")) are valid now"
      ]
      return
    }
    settings = DeclarationDiff.changes(from: old.document, to: head.document, DocumentSchema.fleet)
    let names = Set(old.nodes.map(\.name)).union(head.nodes.map(\.name)).sorted()
    nodeCount = names.count
    nodes = names.compactMap { name in
      switch (old.node(named: name), head.node(named: name)) {
      case (let before?, let after?): NodeComparison(from: before, to: after)
      case (nil, let after?): NodeComparison(only: after, .added)
      case (let before?, nil): NodeComparison(only: before, .removed)
      case (nil, nil): nil
      }
    }
    self.manifests = ManifestComparison.all(
      from: base.manifests.granting(old), to: manifests.granting(head), isPruning: head.manifests.isPruning)
    rollout = ExpectedRollout(of: nodes, in: head)
    notes = Self.notes(old, head, self.manifests)
  }

  private static func notes(_ old: Fleet, _ new: Fleet, _ manifests: [ManifestComparison]) -> [String] {
    var notes: [String] = []
    if old.name != new.name {
      notes.append("the fleet is renamed from \(old.name): what a control node keeps of it goes by its name")
    }
    if manifests.contains(where: \.isFile) {
      notes.append("kustomizations are rendered by a server: their files are compared here, not their objects")
    }
    let deletions = manifests.count { $0.action == .remove && !$0.isFile && !$0.isGrant }
    if new.manifests.isPruning, deletions > new.manifests.maximumDeletions {
      notes.append(
        "\(deletions) objects go, and manifests.maxDeletions is \(new.manifests.maximumDeletions): "
          + "the roll-out will refuse without --allow-deletions \(deletions)")
    }
    return notes
  }

  /// Whether the branch changes nothing that fleetd keeps.
  package var isEmpty: Bool {
    settings.isEmpty && nodes.isEmpty && manifests.isEmpty && baseProblems.isEmpty
  }

  /// `3 of 10 nodes, 2 objects, 1 file of kustomizations`.
  package var counted: String {
    let objects = manifests.count { !$0.isFile }
    let files = manifests.count - objects
    let parts =
      (settings.isEmpty ? [] : [Counted.phrase(settings.count, "fleet setting")])
      + (nodes.isEmpty ? [] : [Counted.share(nodes.count, of: nodeCount, "node")])
      + (objects == 0 ? [] : [Counted.phrase(objects, "object")])
      + (files == 0 ? [] : ["\(Counted.phrase(files, "file")) of kustomizations"])
    guard parts.isEmpty else { return parts.joined(separator: ", ") }
    return baseProblems.isEmpty ? "nothing changes" : "the base does not validate"
  }
}

extension ExitCode {
  /// For a comparison of two valid states.
  package init(comparing comparison: FleetComparison) { self = comparison.isEmpty ? .inSync : .drift }
}
