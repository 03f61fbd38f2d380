import ArgumentParser
import FleetModel
import FleetNotify
import FleetReconcile
import Glibc

/// `fleetd notify`: who is told what, and whether that arrives.
struct Notify: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show who is told what happens; with --test, send each a sample.",
    discussion: """
      The receivers are those of spec.notifications in the control node's configuration. It asks no node and needs no daemon.

      EXIT CODES
        0    they are shown; with --test: each took the sample
        1    one did not, or its template or secret cannot be used
        64   wrong usage, or there is no receiver of that name
        130  interrupted
      """)

  @Argument(help: "The receivers; default all.")
  var names: [String] = []

  @Flag(help: "Send a sample now, once.")
  var test = false

  @OptionGroup var options: StoreOptions

  func execute() async throws -> FleetModel.ExitCode {
    let configuration = try options.configuration()
    let all = configuration.notifications
    for name in names where !all.contains(where: { $0.name == name }) {
      let hint = Suggestion.hint(for: name, among: all.map(\.name)).map { "; \($0)" } ?? ""
      throw UsageFailure("\(TerminalText.escape(name)): spec.notifications has no such receiver\(hint)")
    }
    let chosen = all.filter { names.isEmpty || names.contains($0.name) }
    guard !chosen.isEmpty else {
      return Console.result("nobody is told anything: spec.notifications is empty\n") ? .inSync : .failed
    }
    var code = FleetModel.ExitCode.inSync
    for receiver in chosen {
      let line = test ? await tried(receiver, configuration, &code) : Self.description(of: receiver)
      guard Console.result("\(receiver.name): \(TerminalText.escape(line))\n") else { return .failed }
    }
    return code
  }

  private func tried(
    _ receiver: NotificationReceiver, _ configuration: ControlNodeConfiguration, _ code: inout FleetModel.ExitCode
  ) async -> String {
    let sender: WebhookSender
    do { sender = try NotificationReceivers(configuration).sender(to: receiver) } catch {
      code = .failed
      return "\(error)"
    }
    let sample = Notification.samples(of: "test", at: Int(time(nil)))[0]
    switch await sender.send(sample) {
    case .delivered: return "took the sample"
    case .failed(let words, after: _):
      code = .failed
      return "not delivered: \(words); the daemon would try again"
    case .refused(let words):
      code = .failed
      return "refused: \(words); look at its url and headers"
    }
  }

  private static func description(of receiver: NotificationReceiver) -> String {
    let template =
      switch receiver.template {
      case .builtIn(let builtIn): builtIn.rawValue
      case .file(let path): path
      }
    let isAll = receiver.events.count == NotificationEvent.allCases.count
    let events = isAll ? "everything" : receiver.events.map(\.rawValue).sorted().joined(separator: ", ")
    return "\(template), at most \(receiver.perHour) an hour: \(events)"
  }
}
