import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import Glibc
import NIOCore
import NIOPosix

/// `fleetd doctor`: what is wrong on the way to the nodes, link by link.
struct Doctor: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is wrong on the way to a node, link by link, and what mends it. Changes nothing.",
    discussion: """
      The control node's own side comes first. Then each node's name, route, port, key exchange, host key, user key, \
      shell, sudo, disk, clock and cgroups: the first that is broken is the one to mend.

      EXIT CODES
        0    every link holds
        1    something is broken that somebody must mend
        3    nodes are away, and nothing else is wrong
        64   wrong usage
      """)

  @Argument(help: "The nodes; default: all.", completion: NodeNames.completion)
  var nodes: [String] = []

  @Option(name: .shortAndLong, help: "How to print: text or json.")
  var output: DiagnosisFormat = .text

  @OptionGroup var shared: SharedOptions

  func execute() async throws -> FleetModel.ExitCode {
    var survey = ControlNodeSurvey(shared)
    await survey.look()
    var diagnoses: [NodeDiagnosis] = []
    if let fleet = survey.fleet {
      for name in nodes { try fleet.require(name) }
      let chosen = nodes.isEmpty ? fleet.nodes : fleet.nodes.filter { nodes.contains($0.name) }
      diagnoses = try await diagnose(chosen, survey)
    }
    let diagnosis = Diagnosis(controlNode: ControlNodeDiagnosis.lines(of: survey.observation), nodes: diagnoses)
    let style = TerminalStyle(isColored: shared.isColored)
    let text =
      output == .json
      ? JSONRenderer().render(diagnosis)
      : DiagnosisText(style: style, isWhole: shared.verbose || !nodes.isEmpty).render(diagnosis)
    return Console.result(text) ? ExitCode(after: diagnosis) : .failed
  }

  /// All at once: one that is away never delays the others. Nothing is tried without a key to log in with.
  private func diagnose(_ nodes: [NodeSpec], _ survey: ControlNodeSurvey) async throws -> [NodeDiagnosis] {
    guard let configuration = survey.configuration else { return [] }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    // Where that fails, the control node's own lines say why.
    let links = (try? await Wiring(configuration: configuration, group: group).links(to: nodes)) ?? []
    var found: [String: NodeDiagnosis] = [:]
    await withTaskGroup(of: NodeDiagnosis?.self) { tasks in
      for (node, link) in zip(nodes, links) {
        tasks.addTask {
          let observation = await WayObserver(link, now: { Int(time(nil)) }).observe()
          await link.close()
          return WayDiagnosis.of(node, from: observation)
        }
      }
      for await diagnosis in tasks { found[diagnosis?.node ?? ""] = diagnosis }
    }
    try await group.shutdownGracefully()
    return nodes.map { found[$0.name] ?? WayDiagnosis.untried($0) }
  }
}

/// How a diagnosis is printed.
enum DiagnosisFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
