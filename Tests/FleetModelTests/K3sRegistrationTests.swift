import Testing

@testable import FleetModel

@Suite("k3s: labels and taints in config.yaml")
struct K3sRegistrationTests {
  private static func fixture(_ labels: [String], _ taints: [String] = []) -> K3sFixture {
    var fixture = K3sFixture()
    (fixture.labels, fixture.taints) = (labels, taints)
    return fixture
  }

  @Test("a node that has joined gets a new file, and k3s is not restarted")
  func quiet() throws {
    let before = try Self.fixture(["rack=a"]).configText()
    for wanted in [
      Self.fixture(["rack=b"]), Self.fixture([]), Self.fixture(["rack=a"], ["gpu:NoSchedule"]),
    ] {
      let plan = try wanted.plan(Answer().having(K3sPaths.config, .text(before)))
      let set = try #require(plan.changeSets.first)
      #expect(plan.changeSets.count == 1 && set.disturbance == .none)
      #expect(set.changes.map(\.name) == [K3sPaths.config] && set.changes[0].note == nil)
      #expect(!set.changes[0].diff.isEmpty)
      #expect(plan.steps.map(\.title) == ["write \(K3sPaths.config)"])
      guard case .run(.writeFile, let input) = set.steps[0].action else { throw MissingStep() }
      #expect(input.lines[2] == [])
    }
  }

  @Test("with anything else in the file, k3s reads it anew")
  func restarts() throws {
    let before = try Self.fixture(["rack=a"]).configText() + "debug: true\n"
    let plan = try Self.fixture(["rack=b"]).plan(Answer().having(K3sPaths.config, .text(before)))
    #expect(plan.changeSets.map(\.disturbance) == [.restartsK3s])
    #expect(plan.steps.map(\.title) == ["write \(K3sPaths.config)", "start k3s-agent"])
  }

  @Test("a restart for another reason comes behind the file")
  func owed() throws {
    var fixture = Self.fixture(["rack=b"])
    fixture.facts = K3sFixture.facts(pending: ["k3s-agent.service"])
    let before = try Self.fixture(["rack=a"]).configText()
    let plan = try fixture.plan(Answer().having(K3sPaths.config, .text(before)))
    #expect(plan.changeSets.map(\.disturbance) == [.none, .restartsK3s])
  }

  @Test("labels that a kubelet must not set are left out of the file")
  func kubeletLabels() throws {
    let text = try Self.fixture(["node-role.kubernetes.io/worker=true", "rack=a"]).configText()
    #expect(text.contains("node-label:\n  - rack=a\n") && !text.contains("worker"))
    #expect(try !Self.fixture(["node-role.kubernetes.io/worker=true"]).configText().contains("node-label"))
  }

  private struct MissingStep: Error {}
}
