/// A diagnosis for programs: `docs/doctor.schema.json`.
struct DiagnosisDocument: Encodable {
  let schemaVersion: Int
  /// Of the run.
  let exitCode: Int32
  let controlNode: [Line]
  let nodes: [Node]

  struct Node: Encodable {
    let name: String
    let address: String
    let links: [Line]
  }

  struct Line: Encodable {
    let name: String
    let state: String
    let evidence: String
    let next: String?
    let reason: String?
  }

  init(_ diagnosis: Diagnosis) {
    schemaVersion = JSONRenderer.schemaVersion
    exitCode = ExitCode(after: diagnosis).rawValue
    controlNode = diagnosis.controlNode.map(Line.init)
    nodes = diagnosis.nodes.map { node in
      Node(name: node.node, address: node.address, links: node.lines.map(Line.init))
    }
  }
}

extension DiagnosisDocument.Line {
  init(_ line: DiagnosisLine) {
    self.init(
      name: line.subject, state: line.state == .notReached ? "not-reached" : line.state.rawValue,
      evidence: line.evidence, next: line.next, reason: line.state == .ok ? nil : line.reason?.rawValue)
  }
}

extension JSONRenderer {
  package func render(_ diagnosis: Diagnosis) -> String { text(of: DiagnosisDocument(diagnosis)) }
}
