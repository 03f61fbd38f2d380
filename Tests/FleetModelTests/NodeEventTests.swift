import Testing

@testable import FleetModel

@Suite("Events of Kubernetes on Node objects")
struct NodeEventTests {
  /// `event-…` files hold the counts of Events that are there.
  private static let stubs = #"""
    answering() { :; }
    kube() {
      shift
      echo "$*" >> "$folder/log"
      case "$*" in
        'get node'*) [ ! -e "$folder/node" ] || cat "$folder/node" ;;
        *'get event'*) [ ! -e "$folder/count" ] || cat "$folder/count" ;;
        create*) cat > "$folder/created" ;;
      esac
    }
    """#

  private func run(
    _ events: [NodeEvent], node: String?, count: String? = nil, by shell: Shell
  ) throws -> (
    Shell.Outcome, TemporaryFolder
  ) {
    let folder = try TemporaryFolder()
    try folder.write([], to: "log")
    if let node { try folder.write(Array(node.utf8), to: "node") }
    if let count { try folder.write(Array(count.utf8), to: "count") }
    guard case .onServer(let script, let lines, sparing: nil) = NodeEvent.step(for: events).action else {
      Issue.record("no step of a server")
      throw CancellationError()
    }
    let text = [StepPrelude.sharedFunctions, ServerScript.functions, "folder=$1", Self.stubs, script.text]
      .joined(separator: "\n")
    let input = try #require(StepPrelude.input(lines, with: SecretVault()))
    return (try shell.run(text, [folder.path], input: input), folder)
  }

  @Test("an Event is made on the Node's uid, by fleetd, and whatever it says stays text", arguments: Shell.all)
  func creates(_ shell: Shell) throws {
    let event = NodeEvent(.stepFailed, on: "pi3", "100 % \"full\"\n$(touch /tmp/x) `a` \\n", at: 1_800_000_000)
    let (outcome, folder) = try run([event], node: "u3", by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let json = try JSONText(parsing: try folder.read("created"))
    #expect(json.at("involvedObject", "uid") == .string("u3") && json.at("involvedObject", "kind") == .string("Node"))
    #expect(json.at("source", "component") == .string("fleetd") && json["count"] == .integer(1))
    #expect(json["reason"] == .string("StepFailed") && json["type"] == .string("Warning"))
    #expect(json["message"]?.string == event.message && event.message.contains("$(touch"))
    #expect(json.at("metadata", "name")?.string?.hasPrefix("pi3.fleetd-") == true)
  }

  @Test("the same again goes up in its count; a node that the cluster does not have is left out", arguments: Shell.all)
  func counts(_ shell: Shell) throws {
    let event = NodeEvent(.converged, on: "pi3", "1 change made", at: 1_800_000_000)
    let (outcome, folder) = try run([event, event], node: "u3", count: "4", by: shell)
    #expect(outcome.status == 0 && !folder.contains("created"))
    let log = String(decoding: try folder.read("log"), as: UTF8.self)
    #expect(log.contains(#"--patch {"count":5,"lastTimestamp":"2027-01-15T08:00:00Z"}"#), "\(log)")
    let (gone, empty) = try run([event], node: nil, by: shell)
    #expect(gone.status == 0 && !empty.contains("created"))
  }

  @Test("what waits is bounded, and what repeats is one")
  func queue() {
    var queue = NodeEventQueue()
    for second in 0..<1000 { queue.put(NodeEvent(.rebooting, on: "pi3", "kernel", at: second)) }
    let taken = queue.take()
    #expect(taken.count == 1 && taken[0].count == 1000 && taken[0].at == 999 && queue.isEmpty)
    for number in 0..<1000 { queue.put(NodeEvent(.rebooting, on: "pi\(number)", "kernel", at: 0)) }
    var batches: [[NodeEvent]] = []
    while !queue.isEmpty { batches.append(queue.take()) }
    #expect(batches.map(\.count) == Array(repeating: 20, count: 10) && batches[0][0].node == "pi800")
  }

  @Test("a message is one line within the bound of the API")
  func bounded() {
    let event = NodeEvent(.stepFailed, on: "pi3", String(repeating: "é\n\u{1B}", count: 2000), at: 0)
    #expect(event.message.utf8.count <= 1024 && !event.message.contains("\n") && !event.message.contains("\u{1B}"))
  }
}
