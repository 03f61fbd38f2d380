import Testing
import YAMLSource

@testable import FleetModel

/// A live object with the managers of its fields, and manifests that are applied to it.
struct PredictionFixture {
  private(set) var live: JSONText

  /// - Parameter live: YAML, as a server shows it, without managed fields.
  init(_ live: String) throws { self.live = try Self.object(live) }

  /// - Parameter fields: as `fieldsV1` has them, in YAML.
  func owned(
    by manager: String, _ fields: String, as operation: String = "Apply", at subresource: String? = nil
  ) throws
    -> PredictionFixture
  {
    let entry = JSONText.object(
      [
        .init("manager", .string(manager)), .init("operation", .string(operation)),
        .init("fieldsV1", try Self.object(fields)),
      ] + (subresource.map { [.init("subresource", .string($0))] } ?? []))
    return managed(by: (live.at("metadata", "managedFields")?.items ?? []) + [entry])
  }

  func managed(by entries: [JSONText]) -> PredictionFixture {
    var fixture = self
    fixture.live = live.setting(["metadata", "managedFields"], to: .array(entries))
    return fixture
  }

  func outcome(_ manifest: String, isForced: Bool = false) throws -> ApplyPrediction.Outcome {
    ApplyPrediction.outcome(of: try Self.object(manifest), on: live, isForced: isForced)
  }

  /// What a plan would show: `spec.replicas: 1 -> 2`.
  func changes(_ manifest: String, isForced: Bool = false) throws -> [String] {
    let outcome = try outcome(manifest, isForced: isForced)
    guard case .object(let object) = outcome else { return ["\(outcome)"] }
    return ObjectDiff.fields(from: live, to: object, isSecret: false).map { field in
      "\(field.path): \(Self.shown(field.before)) -> \(Self.shown(field.after))"
    }
  }

  static func object(_ text: String) throws -> JSONText {
    try JSONText(manifest: try #require(YAMLParser.documents(in: Array(text.utf8), named: "object.yaml").first))
  }

  private static func shown(_ value: Shown) -> String {
    if case .text(let text) = value { text } else { "-" }
  }
}
