import Testing

@testable import FleetModel

/// Nodes in every state that an exit code tells apart.
private enum Sample {
  static let change = RendererFixture.set(Change(.add, Files.kind, "/a"))
  static let heldFinding = Finding(.held, .firstBoot, Boot.kind, "the first boot goes on")
  static let inSync = RendererFixture.node("a", [], [Finding(.note, .notice, Host.kind, "by the way")])
  static let drifted = RendererFixture.node("b", [change])
  static let held = RendererFixture.node("c", [RendererFixture.set(Change(.add, Files.kind, "/a"), held: heldFinding)])
  static let waiting = RendererFixture.node("d", [], [heldFinding])
  static let refused = RendererFixture.node("e", [], [Finding(.refused, .cmdlineUnsafe, Boot.kind, "no root=")])
  static let blocked = RendererFixture.node("f", [change], [Finding(.blocked, .unitNotFound, Services.kind, "no unit")])
  static let away = RendererFixture.away("g", RendererFixture.refusedConnection)
  static let changedKey = RendererFixture.away("h", RendererFixture.changedHostKey)
  static let otherDrifted = RendererFixture.node("i", [change], isSelected: false)
  static let otherRefused = RendererFixture.node("j", [], refused.findings, isSelected: false)
}

@Suite("the exit code of a check")
struct CheckExitCodeTests {
  @Test(
    "tells drift, blindness and trouble apart; trouble wins",
    arguments: [
      ([Sample.inSync], .inSync), ([], .inSync), ([Sample.inSync, Sample.drifted], .drift), ([Sample.held], .drift),
      ([Sample.waiting], .drift), ([Sample.inSync, Sample.away], .notAllObserved),
      ([Sample.drifted, Sample.away], .driftNotAllObserved), ([Sample.refused], .failed), ([Sample.blocked], .failed),
      ([Sample.changedKey], .failed), ([Sample.drifted, Sample.away, Sample.refused], .failed),
      ([Sample.inSync, Sample.otherDrifted], .inSync), ([Sample.otherRefused], .inSync),
    ] as [([NodePlan], ExitCode)]
  )
  func table(_ nodes: [NodePlan], _ code: ExitCode) {
    #expect(ExitCode(checking: RendererFixture.plan(nodes)) == code)
  }

  @Test("the numbers are those of the manual page")
  func numbers() {
    let codes: [ExitCode] = [.inSync, .failed, .drift, .notAllObserved, .driftNotAllObserved, .usage, .interrupted]
    #expect(codes.map(\.rawValue) == [0, 1, 2, 3, 4, 64, 130])
  }
}

@Suite("what became of a node in a run")
struct RunReportTests {
  private static let failure = StepFailure(step: "write /a", failure: NodeFailure(.stepFailed, "no space"))

  /// The outcome, in a word, for a node that was `before` and is `after`.
  private func outcome(_ before: NodePlan, _ after: NodePlan, _ failure: StepFailure? = nil) -> String {
    report(before, after, failure).results.map(\.outcome.word).joined(separator: ", ")
  }

  private func report(_ before: NodePlan, _ after: NodePlan, _ failure: StepFailure? = nil) -> RunReport {
    let named = NodePlan(
      node: before.node,
      address: after.address,
      role: after.role,
      isSelected: after.isSelected,
      state: after.state
    )
    let failures = failure.map { [before.node: $0] } ?? [:]
    return RunReport(before: RendererFixture.plan([before]), after: RendererFixture.plan([named]), failures: failures)
  }

  @Test("everything was in sync, or is now")
  func success() {
    #expect(outcome(Sample.inSync, Sample.inSync) == "in sync")
    #expect(outcome(Sample.drifted, Sample.inSync) == "converged: 1")
  }

  @Test("a step failed, whatever the node looks like afterwards")
  func failed() {
    for after in [Sample.inSync, Sample.drifted, Sample.away] {
      #expect(outcome(Sample.drifted, after, Self.failure) == "failed: write /a")
    }
  }

  @Test("every step succeeded, and still something is to be done")
  func stalled() {
    #expect(
      outcome(Sample.drifted, Sample.drifted)
        == "stalled: every step succeeded, and still there is something to do: file /a"
    )
  }

  @Test("what waits by itself is held, and what waits for somebody is not")
  func held() {
    #expect(outcome(Sample.held, Sample.held) == "held: first-boot")
    #expect(outcome(Sample.drifted, Sample.waiting) == "held: first-boot")
    #expect(outcome(Sample.drifted, Sample.blocked) == "attention: unit-not-found")
    #expect(outcome(Sample.drifted, Sample.refused) == "attention: cmdline-unsafe")
  }

  @Test("a node that went away was not observed; one that came back was not tried")
  func away() {
    #expect(outcome(Sample.drifted, Sample.away) == "not observed: connection-refused")
    #expect(outcome(Sample.away, Sample.drifted) == "not observed: connection-refused")
    #expect(outcome(Sample.away, Sample.inSync) == "in sync")
  }

  @Test("a node that was not selected is told apart from one in sync")
  func notSelected() {
    #expect(outcome(Sample.otherDrifted, Sample.otherDrifted) == "not selected")
    #expect(outcome(Sample.otherRefused, Sample.otherRefused) == "not selected")
  }

  @Test(
    "the exit code after a run: only held is no failure",
    arguments: [
      (Sample.inSync, Sample.inSync, .inSync), (Sample.drifted, Sample.inSync, .inSync),
      (Sample.held, Sample.held, .inSync),
      (Sample.drifted, Sample.drifted, .failed), (Sample.drifted, Sample.blocked, .failed),
      (Sample.drifted, Sample.away, .notAllObserved), (Sample.drifted, Sample.changedKey, .failed),
      (Sample.otherDrifted, Sample.otherDrifted, .inSync),
    ] as [(NodePlan, NodePlan, ExitCode)]
  )
  func exitCode(_ before: NodePlan, _ after: NodePlan, _ code: ExitCode) {
    #expect(ExitCode(after: report(before, after)) == code)
  }

  @Test("a step that failed is a failure, and an absent node beside it does not hide it")
  func failureWins() {
    let report = RunReport(
      before: RendererFixture.plan([Sample.away, Sample.drifted]),
      after: RendererFixture.plan([Sample.away, Sample.drifted]),
      failures: ["b": Self.failure]
    )
    #expect(ExitCode(after: report) == .failed)
  }
}

extension NodeResult.Outcome {
  fileprivate var word: String {
    switch self {
    case .inSync: "in sync"
    case .converged(let changes): "converged: \(changes)"
    case .held(let findings): "held: " + findings.map(\.reason.rawValue).joined(separator: " ")
    case .failed(let failure): "failed: \(failure.step)"
    case .stalled(let failure): "stalled: \(failure.message)"
    case .attention(let findings): "attention: " + findings.map(\.reason.rawValue).joined(separator: " ")
    case .notObserved(let failure): "not observed: \(failure.reason.rawValue)"
    case .notSelected: "not selected"
    }
  }
}
