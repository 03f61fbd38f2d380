import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import Glibc

/// `fleetd pause`: nothing is changed on a node for a while.
struct PauseCommand: DaemonCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Change nothing on a node for a while; it is observed all the same.",
    discussion: """
      The daemon, --check and --once of this control node honour it: what would be done is shown as held.

        fleetd pause pi3 --for 2h --reason "new SSD"

      EXIT CODES
        0    the node is paused
        1    the fleet has no such node, or the pause cannot be kept
        64   wrong usage
        130  interrupted
      """)

  @Argument(help: "The node.", completion: NodeNames.completion)
  var node: String

  @Option(help: ArgumentHelp("Why; shown wherever the node is.", valueName: "text"))
  var reason: String = ""

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("How long, such as 2h; default until fleetd resume.", valueName: "duration"))
  var time: String?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard time.map({ DurationText.parse($0) != nil }) ?? true else {
      throw ValidationError("--for takes a duration such as 90m or 2h")
    }
    guard reason.count <= 200 else { throw ValidationError("--reason takes up to 200 characters") }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let now = Int(Glibc.time(nil))
    let until = time.flatMap(DurationText.parse).map { now + Int($0.components.seconds) }
    let pause = Pause(node: node, reason: reason, since: now, until: until)
    let request = JSONText.object([
      .init("do", .string("pause")), .init("node", .string(node)), .init("reason", .string(reason)),
      .init("until", until.map { .integer(Int64($0)) } ?? .null),
    ])
    if try DaemonClient(try configuration()).ask(request) == nil {
      let workspace = try Workspace(shared)
      try workspace.fleet.require(node)
      try workspace.editPauses(at: now) { $0.set(pause) }
    }
    return Console.result("\(node): \(TerminalText.escape(pause.words))\n") ? .inSync : .failed
  }
}

/// `fleetd resume`: ends a pause.
struct Resume: DaemonCommand {
  static let configuration = CommandConfiguration(
    abstract: "End a node's pause.",
    discussion: """
      EXIT CODES
        0    the node is not paused any more
        1    the fleet has no such node, or the pause cannot be ended
        64   wrong usage
        130  interrupted
      """)

  @Argument(help: "The node.", completion: NodeNames.completion)
  var node: String

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    var wasPaused = false
    if let answer = try DaemonClient(try configuration()).ask(
      .object([.init("do", .string("resume")), .init("node", .string(node))]))
    {
      wasPaused = answer["wasPaused"] == .boolean(true)
    } else {
      let workspace = try Workspace(shared)
      try workspace.fleet.require(node)
      try workspace.editPauses(at: Int(Glibc.time(nil))) { wasPaused = $0.remove(node) }
    }
    return Console.result("\(node): \(wasPaused ? "resumed" : "was not paused")\n") ? .inSync : .failed
  }
}

extension Workspace {
  fileprivate func editPauses(at now: Int, _ edit: (inout PauseList) -> Void) throws {
    let store = PauseStore(ControlNodeState(at: StateDirectory.path(configuration)), of: fleet.name)
    var pauses = try store.read()
    edit(&pauses)
    try store.write(pauses, at: now)
  }
}
