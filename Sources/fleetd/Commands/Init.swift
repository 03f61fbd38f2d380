import ArgumentParser
import FleetModel
import FleetReconcile

/// `fleetd init`: a state repository where there is none, as an example or from what runs.
struct Init: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a new state repository: a small example, or one from what already runs.",
    usage: """
      fleetd init [<dir>]
      fleetd init --from <user@host[:port]> ... [<dir>]
      """,
    discussion: """
      Without --from it writes a small, commented repository to be edited.

      With --from it looks at each host over SSH, changes nothing there, and writes a repository of which a check says \
      in sync. Nothing is written unless every host answered. Nothing that exists is overwritten.

      EXIT CODES
        0    written; with --from also: in sync
        1    nothing was written; or a k3s was left out, or the check has something to mend
        2    written, and the check finds a difference, which it shows
        64   wrong usage
        130  interrupted
      """)

  static let interruptionNote: String? = "nothing was changed on any node"

  @Argument(help: ArgumentHelp("Where to write; default the current directory.", valueName: "dir"))
  var directory: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Hosts that already run, to be observed and written down.", valueName: "user@host[:port]"))
  var from: [String] = []

  @Option(help: ArgumentHelp("With --from: the fleet's name.", valueName: "name"))
  var name: String = "home"

  @Option(
    name: .customLong("k3s-source"),
    help: ArgumentHelp(
      "With --from: where k3s' releases are to come from; default where k3s publishes them.",
      valueName: "url or dir"))
  var k3sSource: String?

  @Option(
    help: ArgumentHelp(
      "With --from: accept the host keys that this known_hosts file gives, and ask about none.", valueName: "file"))
  var acceptHostKeysFrom: String?

  @Option(
    help: ArgumentHelp("With --from: the private key to log in with; default as for --check.", valueName: "file"))
  var identity: String?

  @Option(
    help: ArgumentHelp(
      "The control node's configuration; default /etc/fleetd/fleetd.yaml, ~/.config/fleetd/fleetd.yaml.",
      valueName: "file"))
  var config: String?

  func validate() throws {
    _ = try hosts
    _ = try source
    if let problem = TextRule.name.problem(with: name) { throw ValidationError("--name \(problem)") }
    guard from.isEmpty else { return }
    guard acceptHostKeysFrom == nil, identity == nil, config == nil, k3sSource == nil else {
      throw ValidationError("--accept-host-keys-from, --identity, --k3s-source and --config go with --from")
    }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let root = try hosts.directory ?? "."
    try NewRepository.requireFree(root)
    guard !from.isEmpty else {
      try await InitResult.write(StateRepositoryTemplate.example, to: root)
      let next = "edit inventory/nodes/pi1.yaml, then: fleetd --check --offline --repo \(root)"
      return Console.result("next: \(next)\n") ? .inSync : .failed
    }
    return try await InitFromHosts(self, targets: hosts.targets, source: source, root: root).run()
  }

  /// Where k3s comes from.
  var source: K3sSource {
    get throws {
      guard let word = k3sSource else { return .published }
      if TextRule.absolutePath.problem(with: word) == nil { return .directory(word) }
      if TextRule.releaseURL.problem(with: word) == nil { return .url(word) }
      throw ValidationError("--k3s-source takes an http or https URL, or an absolute path")
    }
  }

  /// The words behind --from: hosts, and at their end the directory, where it was not given before.
  private var hosts: (targets: [AdoptionTarget], directory: String?) {
    get throws {
      var words = from
      var directory = directory
      if let last = words.last, !last.contains("@"), words.count > 1 {
        guard directory == nil else { throw ValidationError("\(last) is a second directory, or lacks its account") }
        directory = words.removeLast()
      }
      do {
        return (try words.map { try AdoptionTarget(parsing: $0) }, directory)
      } catch {
        throw ValidationError((error as? AdoptionTargetProblem)?.message ?? "\(error)")
      }
    }
  }
}
