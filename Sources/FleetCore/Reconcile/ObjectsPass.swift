import FleetApply
package import FleetModel

/// The Kubernetes objects of one pass: asks a server what there is and what applying would change. It reads, and holds
/// nothing that could change a cluster.
package struct ObjectsPass: Sendable {
  private let manifests: ManifestSet
  /// What kept parts of cluster/ from being read.
  private let failures: [Finding]
  private let fleet: String
  private let planner: ObjectsPlanner
  private let isNarrow: Bool
  private let isGranting: Bool

  package init(
    _ manifests: ManifestSet, failures: [Finding], fleet: Fleet, selection: NodeSelection, allowedDeletions: Int
  ) {
    self.manifests = manifests
    self.failures = failures
    self.fleet = fleet.name
    isNarrow = selection.isNarrow
    isGranting = fleet.isGrantingChecks
    planner = ObjectsPlanner(
      settings: fleet.manifests, fleet: fleet.name, allowedDeletions: allowedDeletions, isNarrow: selection.isNarrow,
      linter: ObjectLinter(of: fleet))
  }

  /// Rendering takes most of it; a card of a Pi is slow.
  private static let surveyDeadline: Duration = .seconds(240)
  private static let dryRunDeadline: Duration = .seconds(600)
  /// Every object comes twice, and bundles of CRDs are large.
  private static let mostBytes = 64 << 20

  /// - Parameters:
  ///   - cluster: what the pass saw of it; where it is not up, nothing is asked.
  ///   - unseen: servers that could not be observed.
  ///   - observer: of the servers.
  ///   - access: of the key that asks them; one that may only look cannot try anything.
  func plan(
    _ cluster: ClusterObservation, unseen: [String], through observer: ClusterObserver, _ access: NodeAccess
  ) async -> ObjectsPlan {
    guard let view = cluster.view else { return ObjectsPlan(unasked: cluster, unseen: unseen, isNarrow: isNarrow) }
    do throws(NodeFailure) {
      guard access == .full else { return try await look(through: observer, view) }
      let bytes = try await observer.read(
        ObjectsSurvey.script, input: ObjectsSurvey.input(for: manifests), mostBytes: Self.mostBytes,
        deadline: Self.surveyDeadline, preferring: [view.server])
      let survey = try Self.parsed { () throws(ProbeError) in try ObjectsSurvey.parse(bytes, roots: manifests.roots) }
      let draft = ObjectsDraft(manifests, survey, fleet: fleet, failures: failures, isGranting: isGranting)
      return planner.plan(draft, try await answer(to: draft.dryRun, observer, view), from: view.server)
    } catch {
      return ObjectsPlan(isSelected: !isNarrow, state: .notObserved(error))
    }
  }

  private func look(through observer: ClusterObserver, _ view: ClusterView) async throws(NodeFailure) -> ObjectsPlan {
    let survey = try ObjectsLook.survey(in: try await observer.ask(ObjectsLook.survey, preferring: [view.server]))
    let draft = ObjectsDraft(
      manifests, survey, fleet: fleet, failures: failures, isGranting: isGranting, access: .check)
    let look = ObjectsLook(draft)
    var answer = look.answer
    for question in look.questions {
      let transcript = try await observer.ask(question.requests, preferring: [view.server])
      try ObjectsLook.add(transcript, to: question, into: &answer)
    }
    return planner.plan(draft, draft.dryRun.predicted(from: answer), from: view.server)
  }

  private func answer(
    to question: ObjectsDryRun, _ observer: ClusterObserver, _ view: ClusterView
  ) async throws(NodeFailure) -> ObjectsDryRun.Answer {
    guard !question.isEmpty else { return ObjectsDryRun.Answer() }
    let bytes = try await observer.read(
      ObjectsDryRun.script, input: question.input, mostBytes: Self.mostBytes, deadline: Self.dryRunDeadline,
      preferring: [view.server])
    return try Self.parsed { () throws(ProbeError) in try question.parse(bytes) }
  }

  private static func parsed<Value>(_ parse: () throws(ProbeError) -> Value) throws(NodeFailure) -> Value {
    do throws(ProbeError) { return try parse() } catch {
      throw NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the server")
    }
  }
}
