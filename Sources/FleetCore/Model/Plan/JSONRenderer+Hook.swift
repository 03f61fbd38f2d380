extension JSONRenderer {
  /// What a hook around one node reads: the event, the node as in `docs/plan.schema.json`, and what failed, if anything.
  package func hookDocument(_ event: String, _ node: NodePlan, failure: StepFailure? = nil) -> String {
    text(
      of: NodeHookDocument(
        schemaVersion: Self.schemaVersion, event: event, node: NodeDocument(node),
        failure: failure.map { FailureDocument($0.failure, of: $0.step) }))
  }
}

private struct NodeHookDocument: Encodable {
  let schemaVersion: Int
  let event: String
  let node: NodeDocument
  let failure: FailureDocument?
}
