import Foundation

/// The Kubernetes objects in what a run printed.
extension Run {
  /// What tests look at of a plan's objects.
  struct Objects: Decodable, Sendable {
    let isSelected: Bool
    let isInSync: Bool
    let changes: [Change]
    let findings: [Finding]

    struct Change: Decodable, Sendable {
      let action: String
      let kind: String
      let name: String
      let held: String?
    }
  }

  private struct PlanWithObjects: Decodable {
    let objects: Objects?
  }

  private struct ReportWithObjects: Decodable {
    let before: PlanWithObjects
    let after: PlanWithObjects
    let objects: Outcome?

    struct Outcome: Decodable {
      let outcome: String
      let failure: Failure?
    }
  }

  private var report: ReportWithObjects? {
    try? JSONDecoder().decode(ReportWithObjects.self, from: Data(output.text.utf8))
  }

  /// Of a check, or of the plan that a run began with.
  var objects: Objects? {
    report?.before.objects
      ?? (try? JSONDecoder().decode(PlanWithObjects.self, from: Data(output.text.utf8)))?.objects
  }

  /// `remove ConfigMap old`, `add ConfigMap a held: prune-held`.
  var objectChanges: [String] {
    (objects?.changes ?? []).map { "\($0.action) \($0.kind) \($0.name)" + ($0.held.map { " held: \($0)" } ?? "") }
  }

  var objectReasons: [String] { (objects?.findings ?? []).map(\.reason) }

  /// What became of them in a run.
  var objectOutcome: String? { report?.objects?.outcome }

  /// What failed of them in a run.
  var objectFailure: String? { report?.objects?.failure?.message }
}
