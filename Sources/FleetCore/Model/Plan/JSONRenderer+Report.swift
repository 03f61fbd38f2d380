/// `docs/report.schema.json`.
struct ReportDocument: Encodable {
  let schemaVersion: Int
  let fleet: String
  let revision: RevisionDocument
  let exitCode: Int32
  /// How many nodes came to which outcome; every outcome is there.
  let summary: [String: Int]
  let results: [ResultDocument]
  /// What became of the Kubernetes objects; present when there are any to look at.
  let objects: ResultDocument?
  /// Present when a hook after the roll-out failed.
  let failure: FailureDocument?
  /// The plan that was made, and the plan that was left.
  let before: PlanDocument
  let after: PlanDocument

  init(_ report: RunReport) {
    schemaVersion = JSONRenderer.schemaVersion
    fleet = report.before.fleet
    revision = RevisionDocument(report.before.revision)
    exitCode = ExitCode(after: report).rawValue
    summary = Dictionary(
      uniqueKeysWithValues: NodeResult.Outcome.Name.allCases.map { name in
        (name.rawValue, report.results.count { $0.outcome.name == name })
      }
    )
    results = report.results.map(ResultDocument.init)
    objects = report.objects.map(ResultDocument.init)
    failure = report.failure.map { FailureDocument($0.failure, of: $0.step) }
    before = PlanDocument(report.before)
    after = PlanDocument(report.after)
  }
}

/// What became of one node.
struct ResultDocument: Encodable {
  let node: String
  let outcome: String
  /// How many changes were made; present when it converged.
  let changes: Int?
  /// Present when it failed, is stalled or was not observed.
  let failure: FailureDocument?
  /// Why it is held or needs attention.
  let findings: [FindingDocument]

  init(_ result: NodeResult) {
    node = result.node
    outcome = result.outcome.name.rawValue
    var changes: Int?
    var failure: FailureDocument?
    var findings: [Finding] = []
    switch result.outcome {
    case .inSync, .notSelected: break
    case .converged(let count): changes = count
    case .held(let found), .attention(let found): findings = found
    case .failed(let stepFailure): failure = FailureDocument(stepFailure.failure, of: stepFailure.step)
    case .stalled(let stalled): failure = FailureDocument(stalled)
    case .notObserved(let unobserved): failure = FailureDocument(unobserved)
    }
    self.changes = changes
    self.failure = failure
    self.findings = findings.map(FindingDocument.init)
  }
}
