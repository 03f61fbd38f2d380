/// `docs/plan.schema.json`.
struct PlanDocument: Encodable {
  let schemaVersion: Int
  let fleet: String
  let revision: RevisionDocument
  let observedAt: String
  /// Of a check.
  let exitCode: Int32
  let summary: Summary
  let reserved: [String]
  let waves: [Wave]
  let clusterFindings: [FindingDocument]
  let nodes: [NodeDocument]
  /// Present when there are Kubernetes objects to look at.
  let objects: ObjectsDocument?

  struct Summary: Encodable {
    let changes: Int
    let changedNodes: Int
    let objects: Int
    let deletedObjects: Int
    let nodes: Int
    let inSync: Int
    let notObserved: Int
    let held: Int
    let refused: Int
    let blocked: Int
  }

  struct Wave: Encodable {
    let nodes: [String]
    let turns: [Turn]

    struct Turn: Encodable {
      let node: String
      /// `none`, `cordon` or `drain`.
      let care: String
      /// Titles, in order: what is done around the node's own steps.
      let before: [String]
      let after: [String]
    }
  }

  init(_ plan: FleetPlan) {
    schemaVersion = JSONRenderer.schemaVersion
    fleet = plan.fleet
    revision = RevisionDocument(plan.revision)
    observedAt = UTCTime(plan.observedAt).iso8601
    exitCode = ExitCode(checking: plan).rawValue
    summary = Summary(plan.summary)
    reserved = plan.reserved
    waves = plan.waves.map(Wave.init)
    clusterFindings = plan.clusterFindings.map(FindingDocument.init)
    nodes = plan.nodes.map(NodeDocument.init)
    objects = plan.objects.map(ObjectsDocument.init)
  }
}

extension PlanDocument.Wave {
  init(_ wave: Wave) {
    nodes = wave.nodes.map(\.node)
    turns = wave.turns.map { turn in
      Turn(
        node: turn.node.node, care: turn.care.rawValue, before: turn.before.map(\.title), after: turn.after.map(\.title)
      )
    }
  }
}

extension PlanDocument.Summary {
  init(_ counts: FleetPlan.Summary) {
    self.init(
      changes: counts.changes,
      changedNodes: counts.changedNodes,
      objects: counts.objects,
      deletedObjects: counts.deletedObjects,
      nodes: counts.nodes,
      inSync: counts.inSync,
      notObserved: counts.notObserved,
      held: counts.held,
      refused: counts.refused,
      blocked: counts.blocked
    )
  }
}

/// A commit, or why there is none.
struct RevisionDocument: Encodable {
  let commit: String?
  let isModified: Bool?
  let unknown: String?

  init(_ revision: Revision) {
    switch revision {
    case .commit(let id, let isModified):
      (commit, self.isModified, unknown) = (id, isModified, nil)
    case .unknown(let reason):
      (commit, isModified, unknown) = (nil, nil, reason)
    }
  }
}
