import Foundation
import Testing

@Suite("hooks of the control node", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct HookTests {
  private static let spec = "files: [{path: /etc/fleet/hook.conf, content: \"a\\n\"}]"

  /// A fleet whose hooks write their event, node and result into its file `log`; `failing` fails.
  private func fleet(_ node: LabNode, failing: String = "", onFailure: String = "stop") throws -> TestFleet {
    let fleet = try TestFleet([node], spec: Self.spec)
    let path = "\(fleet.directory)/fleetd.yaml"
    let hooks = ["beforeRollout", "beforeNode", "afterNode", "afterRollout"].map { event in
      let ending = event == failing ? "; exit 1" : ""
      let script = "cat > /dev/null; echo $FLEETD_EVENT $FLEETD_NODE $FLEETD_RESULT >> \(fleet.directory)/log\(ending)"
      return "    \(event): [{run: [sh, -c, '\(script)'], onFailure: \(onFailure)}]"
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + "\n  hooks:\n" + hooks.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    return fleet
  }

  private func log(_ fleet: TestFleet) -> [String] {
    let text = (try? String(contentsOfFile: "\(fleet.directory)/log", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test("a check runs none; a change runs each once, in order; a no-op runs none", .timeLimit(.sharedNodes))
  func order() async throws {
    try await NodePool.lease { node in
      let fleet = try fleet(node)
      #expect(try await fleet.check().code == 2)
      #expect(log(fleet) == [])
      #expect(try await fleet.once().code == 0)
      let expected = [
        "beforeRollout", "beforeNode \(node.name)", "afterNode \(node.name) changed", "afterRollout  converged",
      ]
      #expect(log(fleet).map { $0.split(separator: " ") } == expected.map { $0.split(separator: " ") })
      #expect(try await fleet.once().code == 0)
      #expect(log(fleet).count == expected.count)
    }
  }

  @Test(
    "a failing hook before a change keeps the node as it is", .timeLimit(.sharedNodes),
    arguments: ["beforeRollout", "beforeNode"])
  func before(_ event: String) async throws {
    try await NodePool.lease { node in
      let fleet = try fleet(node, failing: event)
      let run = try await fleet.once()
      #expect(run.code == 1)
      #expect(run.result(of: node)?.failure?.reason == "hook-failed", "\(run.summary)")
      #expect(try await !node.holds("test -e /etc/fleet/hook.conf"))
    }
  }

  @Test("a failing hook after the roll-out fails the run, and takes nothing back", .timeLimit(.sharedNodes))
  func afterRollout() async throws {
    try await NodePool.lease { node in
      let fleet = try fleet(node, failing: "afterRollout")
      let run = try await fleet.once()
      #expect(run.code == 1, "\(run.summary)")
      #expect(run.result(of: node)?.outcome == "converged", "\(run.summary)")
      #expect(run.output.text.contains(#""reason" : "hook-failed""#), "\(run.summary)")
      #expect(try await node.holds("test -e /etc/fleet/hook.conf"))
      // There is nothing to do any more, so no hook runs.
      #expect(try await fleet.once().code == 0)
    }
  }

  @Test("a failing hook that may fail is told, and the change goes on", .timeLimit(.sharedNodes))
  func goingOn() async throws {
    try await NodePool.lease { node in
      let fleet = try fleet(node, failing: "beforeNode", onFailure: "continue")
      let run = try await fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      #expect(run.output.errors.contains("going on, as onFailure says"))
      #expect(try await node.holds("test -e /etc/fleet/hook.conf"))
    }
  }
}
