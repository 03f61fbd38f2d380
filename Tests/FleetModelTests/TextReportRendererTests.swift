import Testing

@testable import FleetModel

@Suite("reports as text")
struct TextReportRendererTests {
  private typealias Fixture = RendererFixture

  @Test("a report tells what became of each node")
  func everyOutcome() {
    #expect(
      TextRenderer(style: .plain).render(Fixture.report("first\nsecond")) == """
        fleet home  commit 3f9c2e1  observed 2026-11-21 03:12 UTC

        converged  converged (1 change)
        failed     failed: first\\nsecond: first  [step-failed]
              second
              → first
                second
        stalled    stalled: every step succeeded, and still there is something to do: package htop  [does-not-converge]
              → something on the node undoes it, or two declarations fight: look at what is left
        held       held
          held  first-boot  first
              second
              → first
                second
        attention  needs attention
          blocked  package-not-found  first
              second
              → first
                second
        away       not observed: first\\nsecond
        other      drift, not selected

        Done: 1 converged · 1 failed · 1 stalled · 1 needs attention · 1 held · 1 in sync · 1 not observed · 1 not selected

        """
    )
  }

  @Test("nodes that were in sync are counted, and listed when verbose")
  func inSync() {
    let plan = Fixture.plan([Fixture.node("pi1"), Fixture.node("pi2")])
    let report = RunReport(before: plan, after: plan, failures: [:])
    #expect(TextRenderer(style: .plain).render(report).hasSuffix("UTC\n\nDone: 2 in sync\n"))
    #expect(TextRenderer(style: .plain, isVerbose: true).render(report).contains("\npi1  in sync\npi2  in sync\n"))
  }

  @Test("what a stopped roll-out did not come to is counted apart from what failed")
  func notReached() {
    let change = Change(.act, K3s.kind, "k3s-agent")
    let plan = Fixture.plan(["pi1", "pi2"].map { Fixture.node($0, [ChangeSet([change], steps: [])]) })
    let report = RunReport(
      before: plan, after: plan,
      failures: [
        "pi1": StepFailure(step: "start", failure: NodeFailure(.stepFailed, "it died")),
        "pi2": StepFailure(step: "start", failure: NodeFailure(.rolloutStopped, "not reached")),
      ])
    #expect(TextRenderer(style: .plain).render(report).hasSuffix("\nDone: 1 failed · 1 not reached\n"))
  }

  @Test("a run without nodes says so")
  func empty() {
    let report = RunReport(before: Fixture.plan([]), after: Fixture.plan([]), failures: [:])
    #expect(TextRenderer(style: .plain).render(report).hasSuffix("\nDone: no nodes\n"))
  }
}
