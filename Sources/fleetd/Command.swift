import FleetApply
import FleetModel
import FleetReconcile
import NIOCore
import NIOPosix

/// One run from the command line's words to its exit code.
struct Command: Sendable {
  private let options: Options

  /// The parsed command line as plain values.
  struct Options: Sendable {
    let isApplying: Bool
    let isOffline: Bool
    let selection: NodeSelection
    let output: OutputFormat
    let isColored: Bool
    let isVerbose: Bool
    let isConfirmed: Bool
    let repository: String?
    let configuration: String?
  }

  init(_ line: Fleetd) {
    let wantsColor = Console.variable("NO_COLOR") == nil && Console.isTerminal(1)
    options = Options(
      isApplying: line.once, isOffline: line.offline, selection: line.selection, output: line.output,
      isColored: line.color == .always || (line.color == .auto && wantsColor), isVerbose: line.verbose,
      isConfirmed: line.yes, repository: line.repo, configuration: line.config)
  }

  func run() async -> FleetModel.ExitCode {
    do {
      let configuration = try configuration()
      let repository = StateRepository(at: try repositoryPath(configuration))
      guard let fleet = try fleet(in: repository) else { return .failed }
      if let code = unknownSelection(in: fleet) { return code }
      if options.isOffline { return offline(fleet) }
      let revision = await GitRevision.current(of: repository)
      return try await pass(fleet, revision, configuration)
    } catch let invalid as InvalidConfiguration {
      Console.progress(invalid.text)
      return .failed
    } catch let failure as RunFailure {
      Console.note(failure.description)
      return .failed
    } catch {
      Console.note("\(error)")
      return .failed
    }
  }

  private func pass(
    _ fleet: Fleet, _ revision: Revision, _ configuration: ControlNodeConfiguration
  ) async throws -> FleetModel.ExitCode {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let wiring = Wiring(configuration: configuration, group: group)
    let pass = try await wiring.pass(
      over: fleet, revision: revision, selection: options.selection,
      progress: Progress.sink(isVerbose: options.isVerbose))
    let code = await options.isApplying ? once(pass) : check(pass)
    await pass.close()
    try await group.shutdownGracefully()
    return code
  }

  private func check(_ pass: FleetPass) async -> FleetModel.ExitCode {
    let plan = await pass.check()
    guard Console.result(printer.text(of: plan)) else { return .failed }
    return ExitCode(checking: plan)
  }

  private func once(_ pass: FleetPass) async -> FleetModel.ExitCode {
    var plan = await pass.check()
    if await pass.awaitRunningSteps(plan) { plan = await pass.check() }
    if options.output == .text, !Console.result(printer.text(of: plan)) { return .failed }
    guard isAgreed(plan) else {
      Console.note("nothing was changed")
      return ExitCode(checking: plan)
    }
    let report = await pass.apply(plan)
    // Markdown shows the plan that is left; what became of each node is for whoever watches.
    if options.output == .markdown {
      Console.progress(TextRenderer(style: .plain, isVerbose: options.isVerbose).render(report))
    }
    guard Console.result(printer.text(of: report)) else { return .failed }
    return ExitCode(after: report)
  }

  /// On a terminal, what deletes or disturbs is asked for.
  private func isAgreed(_ plan: FleetPlan) -> Bool {
    guard !options.isConfirmed, Console.isTerminal(0) else { return true }
    let sets = plan.nodes.flatMap(\.actionable)
    let deletions = sets.flatMap(\.changes).filter { $0.action == .remove }.count
    let disturbed = plan.nodes.filter { !$0.disturbing.isEmpty }.map(\.node)
    guard deletions > 0 || !disturbed.isEmpty else { return true }
    var parts: [String] = []
    if deletions > 0 { parts.append("delete \(deletions) thing\(deletions == 1 ? "" : "s")") }
    if !disturbed.isEmpty { parts.append("disturb \(disturbed.joined(separator: ", "))") }
    guard Console.isTerminal(2) else {
      Console.note("this run would \(parts.joined(separator: " and ")), and the question cannot be seen: add --yes")
      return false
    }
    if options.output != .text { Console.progress(TextRenderer(style: .plain, isVerbose: false).render(plan)) }
    return Console.confirm("This will \(parts.joined(separator: " and ")). Go on?")
  }

  private func offline(_ fleet: Fleet) -> FleetModel.ExitCode {
    let count = fleet.nodes.count
    let text = "fleet \(fleet.name): \(count) node\(count == 1 ? "" : "s"), the inventory is valid\n"
    return Console.result(text) ? .inSync : .failed
  }

  private var printer: Printer {
    Printer(format: options.output, isColored: options.isColored, isVerbose: options.isVerbose)
  }

  private func configuration() throws -> ControlNodeConfiguration {
    if options.isOffline { return .defaults }
    return try ControlNode.configuration(at: options.configuration, home: Console.variable("HOME"))
  }

  private func repositoryPath(_ configuration: ControlNodeConfiguration) throws -> String {
    let path = options.repository ?? configuration.checkout ?? "."
    guard let absolute = AbsolutePath.resolve(path) else {
      throw RunFailure("there is no directory \(path)", next: "name the state repository: --repo DIR")
    }
    return absolute
  }

  /// `nil`: the diagnostics were printed.
  private func fleet(in repository: StateRepository) throws -> Fleet? {
    let (fleet, diagnostics) = FleetDecoder.decode(try repository.inventory())
    guard let fleet else {
      let all = diagnostics.all
      for diagnostic in all { Console.progress(diagnostic.description) }
      Console.note("\(all.count) problem\(all.count == 1 ? "" : "s") in the inventory; nothing was done")
      return nil
    }
    return fleet
  }

  private func unknownSelection(in fleet: Fleet) -> FleetModel.ExitCode? {
    for name in options.selection.names.sorted() where fleet.node(named: name) == nil {
      let hint = Suggestion.hint(for: name, among: fleet.nodes.map(\.name)).map { "; \($0)" } ?? ""
      Console.note("--node \(TerminalText.escape(name)): the fleet has no such node\(hint)")
      return .usage
    }
    guard options.selection.isNarrow, !fleet.nodes.contains(where: options.selection.contains) else { return nil }
    Console.note("no node has the labels of -l")
    return .usage
  }
}
