import Synchronization
import Testing

@testable import FleetApply
@testable import FleetModel

@Suite("copying to a node ahead of its turn")
struct CopyAheadTests {
  @Test(
    "while packages are installed on a node that does no work, what its turn needs is copied", .timeLimit(.minutes(1)))
  func overlaps() async throws {
    // apt ends only when the copy has begun: one after the other would never end.
    let (failures, steps) = try await apply(Together(before: "apt", awaits: "copy"), isAtWork: false)
    #expect(failures.isEmpty)
    #expect(Set(steps.prefix(2)) == ["apt", "copy"])
    #expect(steps.dropFirst(2) == ["reboot", "install"], "it is not copied twice")
  }

  @Test("a copy that failed ahead is made again in the turn, and fails only there")
  func again() async throws {
    let (failures, steps) = try await apply(Failing("copy", times: 1), isAtWork: false)
    #expect(failures.isEmpty)
    #expect(steps.filter { $0 == "copy" }.count == 2)
    #expect(steps.suffix(3) == ["copy", "reboot", "install"])
    let (still, _) = try await apply(Failing("copy", times: 2), isAtWork: false)
    #expect(still["a1"]?.step == "copy")
  }

  @Test("packages that fail end the node's run, whatever was copied")
  func failed() async throws {
    let (failures, steps) = try await apply(Failing("apt", times: 1), isAtWork: false)
    #expect(failures["a1"]?.step == "apt")
    #expect(!steps.contains("reboot") && !steps.contains("install"))
  }

  @Test("to a node whose k3s runs it is copied in its turn, and not before")
  func atWork() async throws {
    let (failures, steps) = try await apply(Failing("nothing", times: 0), isAtWork: true)
    #expect(failures.isEmpty)
    #expect(steps == ["apt", "copy", "reboot", "install"])
  }

  private func apply(
    _ runner: some StepRunner & Noting, isAtWork: Bool
  ) async throws -> ([String: StepFailure], [String]) {
    let plan = FleetPlan(
      fleet: "test", revision: .unknown("a test"), observedAt: 0, nodes: [try node(isAtWork: isAtWork)])
    let failures = await FleetApplier(runners: ["a1": runner], progress: { _ in }).apply(plan)
    return (failures, runner.steps)
  }

  private func node(isAtWork: Bool) throws -> NodePlan {
    var section = ProbeSection(kind: K3s.kind.name)
    section.append("asked", Array("k3s-agent.service".utf8))
    section.append(
      "unit", Array("LoadState=loaded\nActiveState=\(isAtWork ? "active\nSubState=running" : "inactive")\n".utf8))
    let copy = Step("copy", .push(Artifact(path: "/k3s", size: 1, sha256: "0"), to: "/usr/local/bin/k", mode: "0755"))
    let sets = [
      set(.none, [script("apt")]), set(.reboots, [script("reboot")]), set(.restartsK3s, [copy, script("install")]),
    ]
    return NodePlan(
      node: "a1", address: "192.0.2.1", role: .agent,
      state: .observed(.init(facts: .sample, k3s: try K3sObservation(section), changeSets: sets, findings: [])))
  }

  private func script(_ title: String) -> Step { Step(title, .run(StepScript("test", "true"), StepInput())) }

  private func set(_ disturbance: ChangeSet.Disturbance, _ steps: [Step]) -> ChangeSet {
    ChangeSet([Change(.change, Files.kind, steps[0].title)], steps: steps, disturbance: disturbance)
  }
}

private protocol Noting {
  /// Titles, in the order in which they began.
  var steps: [String] { get }
}

/// One step does not end before another has begun.
private final class Together: StepRunner, Noting {
  private let noted = Mutex<[String]>([])
  private let before: String
  private let begun: AsyncStream<Void>
  private let begin: AsyncStream<Void>.Continuation
  private let awaited: String

  init(before: String, awaits awaited: String) {
    self.before = before
    self.awaited = awaited
    (begun, begin) = AsyncStream.makeStream()
  }

  var steps: [String] { noted.withLock { $0 } }

  func run(_ step: Step) async throws(NodeFailure) {
    noted.withLock { $0.append(step.title) }
    if step.title == awaited { begin.finish() }
    if step.title == before { for await _ in begun {} }
  }
}

/// One step fails, as often as it is told to.
private final class Failing: StepRunner, Noting {
  private let noted = Mutex<[String]>([])
  private let title: String
  private let times: Int

  init(_ title: String, times: Int) {
    self.title = title
    self.times = times
  }

  var steps: [String] { noted.withLock { $0 } }

  func run(_ step: Step) async throws(NodeFailure) {
    let count = noted.withLock { noted in
      noted.append(step.title)
      return noted.count { $0 == step.title }
    }
    if step.title == title, count <= times { throw NodeFailure(.stepFailed, "told to fail") }
  }
}
