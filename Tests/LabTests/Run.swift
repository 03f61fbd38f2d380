import Foundation

/// One run of fleetd: its exit code and the document that it printed.
struct Run: Sendable {
  let code: Int32
  let output: Output
  /// `nil` when nothing was printed: the run did not begin.
  let document: Document?

  init(_ output: Output) {
    self.output = output
    code = output.status
    document = try? JSONDecoder().decode(Document.self, from: Data(output.text.utf8))
  }

  /// What a plan and a report have in common for a test's purposes.
  struct Document: Decodable, Sendable {
    /// Of a plan.
    let nodes: [Node]?
    let clusterFindings: [Finding]?
    /// Of a report.
    let before: Plan?
    let after: Plan?
    let results: [Result]?
  }

  struct Plan: Decodable, Sendable {
    let nodes: [Node]
  }

  struct Node: Decodable, Sendable {
    let name: String
    let isInSync: Bool
    let changes: [Change]
    let findings: [Finding]
    let failure: Failure?
  }

  struct Change: Decodable, Sendable {
    let action: String
    let kind: String
    let name: String
    let note: String?
    let diff: [String]
    /// Why it is shown, but not made in this pass.
    let held: Finding?
  }

  struct Finding: Decodable, Sendable {
    let severity: String
    let reason: String
    let message: String
    let next: String?
  }

  struct Failure: Decodable, Sendable {
    let reason: String
    let message: String
    let next: String?
    let step: String?
  }

  struct Result: Decodable, Sendable {
    let node: String
    let outcome: String
    let failure: Failure?
  }

  /// The plan of a check, or the one that a run began with.
  func plan(of node: LabNode) -> Node? {
    (document?.nodes ?? document?.before?.nodes)?.first { $0.name == node.name }
  }

  func result(of node: LabNode) -> Result? { document?.results?.first { $0.node == node.name } }

  /// "add file /etc/x", in the plan's order.
  func changes(of node: LabNode) -> [String] {
    (plan(of: node)?.changes ?? []).map { "\($0.action) \($0.kind) \($0.name)" }
  }

  /// For messages of failed expectations: what went wrong, of all that was printed.
  var summary: String {
    let plans = document?.nodes ?? document?.after?.nodes ?? []
    let told = plans.flatMap { node in
      [node.failure.map { "\($0.reason): \($0.message)" }].compactMap { $0 }
        + node.findings.map { "\(node.name): \($0.severity) \($0.reason): \($0.message)" }
        + node.changes.map { "\(node.name): left: \($0.action) \($0.kind) \($0.name)" }
    }
    let results = (document?.results ?? []).compactMap { result in
      result.failure.map { "\(result.node): \($0.step ?? ""): \($0.reason): \($0.message)" }
    }
    let raw = document == nil ? [String(output.text.prefix(3000))] : []
    return (["exit \(code)"] + results + told + raw + [String(output.errors.prefix(3000))]).joined(separator: "\n")
  }
}
