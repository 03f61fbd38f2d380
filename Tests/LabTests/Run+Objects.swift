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
      let fields: [Field]
    }

    struct Field: Decodable, Sendable {
      let path: String
      let before: Value?
      let after: Value?
    }

    /// A text, or `(secret)`.
    struct Value: Decodable, Sendable {
      let text: String

      init(from decoder: any Decoder) throws {
        text = (try? decoder.singleValueContainer().decode(String.self)) ?? "(secret)"
      }
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

  /// `change ConfigMap a: data.x 1 -> 2`; of Secrets without what is said of their values.
  var objectFields: [String] {
    (objects?.changes ?? []).map { change in
      let fields = change.fields.map { field in
        let values = "\(field.before?.text ?? "") -> \(field.after?.text ?? "")"
        return "\(field.path) \(change.kind == "Secret" ? "" : values)"
      }
      return "\(change.action) \(change.kind) \(change.name): \(fields.joined(separator: ", "))"
    }
  }

  /// What became of them in a run.
  var objectOutcome: String? { report?.objects?.outcome }

  /// What failed of them in a run.
  var objectFailure: String? { report?.objects?.failure?.message }
}
