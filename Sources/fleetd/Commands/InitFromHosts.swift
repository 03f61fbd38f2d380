import FleetApply
import FleetModel
import FleetReconcile
import Glibc
import NIOCore
import NIOPosix
import SSHClient

/// `fleetd init --from`: host keys, one look at every host, the files, a check of them in memory, and only then the disk.
struct InitFromHosts: Sendable {
  private let line: Init
  private let targets: [AdoptionTarget]
  private let source: K3sSource
  private let root: String

  init(_ line: Init, targets: [AdoptionTarget], source: K3sSource, root: String) {
    self.line = line
    self.source = source
    self.targets = targets
    self.root = root
  }

  func run() async throws -> FleetModel.ExitCode {
    try requireDistinct()
    let configuration = try ControlNode.configuration(at: existingConfiguration, home: Console.variable("HOME"))
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let result: Result<FleetModel.ExitCode, any Error>
    do {
      let wiring = Wiring(configuration: configuration, group: group)
      let keys = try await AdoptionHostKeys(targets: targets, acceptedFile: line.acceptHostKeysFrom).keys(on: group)
      let login = AdoptionLogin(
        targets: targets, keys: keys, identities: try await identities(wiring),
        sudoPassword: try await wiring.sudoPassword(), group: group)
      result = .success(try await adopt(login, wiring))
    } catch {
      result = .failure(error)
    }
    try await group.shutdownGracefully()
    return try result.get()
  }

  private func adopt(_ login: AdoptionLogin, _ wiring: Wiring) async throws -> FleetModel.ExitCode {
    Console.progress("observing \(targets.count) host\(targets.count == 1 ? "" : "s")")
    let look = await login.observe()
    let result: Result<FleetModel.ExitCode, any Error>
    do {
      let observations = try FleetAdoption.observations(look.answers, of: look.links)
      result = .success(try await write(login.hosts(observations), look, wiring))
    } catch {
      result = .failure(error)
    }
    for link in look.links { await link.close() }
    return try result.get()
  }

  private func write(
    _ hosts: [AdoptedHost], _ look: AdoptionLogin.Look, _ wiring: Wiring
  ) async throws -> FleetModel.ExitCode {
    let repository: AdoptedRepository
    do throws(AdoptionRefusal) {
      repository = try AdoptedRepository(hosts: hosts, fleet: line.name, source: source)
    } catch {
      throw RunFailure(
        error.messages.joined(separator: "\n"), next: "leave them out, or mend them; nothing was written")
    }
    let vault = SecretVault(try await FleetAdoption.secrets(of: repository, hosts.map(\.observation), look.links))
    let plan = try await FleetAdoption.check(
      repository, look.links, vault: vault, artifacts: wiring.artifacts, now: { Int(time(nil)) })
    // An interrupted check says that nodes were not observed: no ground to write anything on.
    try Task.checkCancellation()
    let result = InitResult(root: root, config: line.config, home: Console.variable("HOME") ?? "/root")
    try await result.write(
      repository, vault, identity: line.identity.flatMap(AbsolutePath.resolve), configuration: wiring.configuration)
    if look.isPasswordTyped { Console.progress(result.passwordNote) }
    return report(repository, plan, result)
  }

  /// What a check of the new repository says of the nodes as they are.
  private func report(_ repository: AdoptedRepository, _ plan: FleetPlan, _ result: InitResult) -> FleetModel.ExitCode {
    let code = ExitCode(checking: plan)
    var lines: [String] = []
    if code == .inSync {
      let count = plan.nodes.count
      lines.append("a check finds \(count == 1 ? "the node" : "all \(count) nodes") in sync; nothing was changed there")
    } else {
      lines.append("a check finds something to do or to mend; nothing was changed there:\n")
      lines.append(TextRenderer(style: .plain, isVerbose: false).render(plan))
    }
    lines += repository.omissions.map { "LEFT OUT: \(TerminalText.escape($0))" }
    lines.append("next: \(result.nextCommand)")
    guard Console.result(lines.joined(separator: "\n") + "\n") else { return .failed }
    return repository.omissions.isEmpty ? code : .failed
  }

  private func requireDistinct() throws(UsageFailure) {
    var seen: Set<String> = []
    for target in targets where !seen.insert("\(target.host.lowercased()) \(target.port)").inserted {
      throw UsageFailure("--from names \(target.host) twice")
    }
  }

  /// A configuration that is named and not there yet will be written.
  private var existingConfiguration: String? {
    line.config.flatMap { AbsolutePath.resolve($0) == nil ? nil : $0 }
  }

  private func identities(_ wiring: Wiring) async throws -> [SSHIdentity] {
    guard let identity = line.identity else { return try await wiring.identities() }
    guard let path = AbsolutePath.resolve(identity) else { throw UsageFailure("there is no file \(identity)") }
    return [LoginIdentities.file(path)]
  }
}
