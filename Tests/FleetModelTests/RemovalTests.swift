import Testing
import YAMLSource

@testable import FleetModel

@Suite("remove: what it means, and what is refused")
struct RemovalTests {
  private func titles(_ fixture: RemovalFixture) throws -> [String] {
    let removal = try fixture.removal()
    #expect(removal.obstacles.isEmpty, "\(removal.obstacles)")
    return removal.steps.map(\.title)
  }

  private func refusal(_ fixture: RemovalFixture) throws -> Reason? {
    let removal = try fixture.removal()
    #expect(removal.steps.isEmpty && removal.changes.isEmpty)
    return removal.obstacles.first?.reason
  }

  @Test("an agent is emptied, stopped, taken out of the cluster and cleaned, in this order")
  func agent() throws {
    #expect(
      try titles(RemovalFixture()) == [
        "cordon agent", "drain agent", "stop k3s", "take agent out of the cluster", "uninstall k3s",
        "take fleetd's own records away",
      ])
    let removal = try RemovalFixture().removal()
    #expect(
      removal.changes.map { "\($0.action.rawValue) \($0.name)" } == [
        "! cordon", "! drain", "- Node object", "- k3s",
      ])
  }

  @Test("a server leaves etcd while it runs, through another server, and does not come back in between")
  func server() throws {
    let fixture = RemovalFixture(target: "s3")
    #expect(
      try titles(fixture) == [
        "cordon s3", "drain s3", "keep k3s from starting again", "see that etcd can do without s3",
        "take s3 out of the cluster", "uninstall k3s", "take fleetd's own records away",
      ])
    for step in try fixture.removal().steps {
      if case .onServer(_, _, let spared) = step.action { #expect(spared == "s3") }
    }
  }

  @Test("one of two members may go; what would leave the rest without quorum may not")
  func quorum() throws {
    #expect(
      try titles(RemovalFixture(target: "s2", members: ["s1", "s2"])).contains("see that etcd can do without s2"))
    #expect(try refusal(RemovalFixture(target: "s3", notReady: ["s2"])) == .quorumAtRisk)
    #expect(try refusal(RemovalFixture(target: "s1", members: ["s1"])) == .quorumAtRisk)
  }

  @Test("the drain is that of spec.rollout; a node that is not Ready, or --no-drain, has none")
  func drain() throws {
    var fixture = RemovalFixture(rollout: ", rollout: {drain: {timeout: 90s, gracePeriod: 20s, deleteEmptyDir: true}}")
    let removal = try fixture.removal()
    let inputs = removal.steps.compactMap { step -> [[String]]? in
      if case .onServer(.drain, let input, _) = step.action { input.lines } else { nil }
    }
    #expect(inputs == [[["agent", "90", "20"], ["--delete-emptydir-data"]]])
    fixture.notReady = ["agent"]
    #expect(try !titles(fixture).contains("drain agent"))
    #expect(try !titles(RemovalFixture(options: .init(isDrained: false))).contains("drain agent"))
    #expect(try !titles(RemovalFixture(cordoned: ["agent"])).contains("cordon agent"))
  }

  @Test("of a machine that is gone only the cluster's side is cleared, once nothing answers as it")
  func unreachable() throws {
    let expected = ["cordon agent", "see that no machine answers as agent", "take agent out of the cluster"]
    let unreachable = Removal.Options(isUnreachable: true)
    for isDeclared in [true, false] {
      let fixture = RemovalFixture(notReady: ["agent"], options: unreachable, away: true, isDeclared: isDeclared)
      #expect(try titles(fixture) == expected)
    }
    let member = RemovalFixture(target: "s3", notReady: ["s3"], options: unreachable, away: true)
    #expect(try titles(member).contains("see that etcd can do without s3"))
    #expect(try refusal(RemovalFixture(others: [], options: unreachable)) == .notInInventory)
  }

  @Test("a node that the cluster does not know is cleaned all the same: an earlier run may have died")
  func again() throws {
    let fixture = RemovalFixture(others: [], answer: .blank)
    #expect(try titles(fixture) == ["uninstall k3s", "take fleetd's own records away"])
  }

  @Test("without a way to the machine, or a server to ask, nothing is begun")
  func unseen() throws {
    #expect(try refusal(RemovalFixture(away: true)) == .connectionRefused)
    #expect(try refusal(RemovalFixture(isDeclared: false)) == .notInInventory)
    #expect(try refusal(RemovalFixture(isAnswering: false)) == .apiUnreachable)
    #expect(try refusal(RemovalFixture(host: ["running": "apt 1700000000"])) == .stepRunning)
  }

  @Test("another board under the name is not touched")
  func otherBoard() throws {
    #expect(try refusal(RemovalFixture(host: ["board": "10000000ffffffff"])) == .boardChanged)
  }

  @Test("what profiles put there is listed, and what belongs to k3s is not")
  func remains() throws {
    let record =
      "package\tnfs-common\nk3s\t/usr/local/bin/k3s\nfile\t/etc/motd\nfile\t/etc/rancher/k3s/config.yaml.d/a.yaml\n"
    let removal = try RemovalFixture(host: ["declared": record]).removal()
    #expect(removal.remains.map(\.name) == ["/etc/motd", "nfs-common"])
    let text = RemovalText(style: .plain)
    #expect(text.render(removal, from: "home").contains("stays on the machine: file /etc/motd, package nfs-common"))
    let outcome = text.outcome(of: removal, document: "inventory/nodes/agent.yaml:3:1")
    #expect(
      outcome.contains("not undone, as it is not known what was there before: file /etc/motd, package nfs-common;"))
    #expect(outcome.hasSuffix("(inventory/nodes/agent.yaml:3:1): the next run would join it again\n"))
  }

  @Test("what a node says is escaped")
  func hostile() throws {
    let text = RemovalText(style: .plain).render(
      try RemovalFixture(host: ["declared": "file\t/a\u{1B}[31m\n"]).removal(), from: "home")
    #expect(!text.contains("\u{1B}"))
  }
}
