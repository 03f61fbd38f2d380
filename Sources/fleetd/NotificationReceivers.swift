import FleetModel
import FleetNotify
import FleetReconcile

/// The receivers of the control node's configuration, put together.
struct NotificationReceivers: Sendable {
  private let configuration: ControlNodeConfiguration

  init(_ configuration: ControlNodeConfiguration) { self.configuration = configuration }

  /// The way to one. Throws what is wrong with its template.
  func sender(to receiver: NotificationReceiver) throws(RunFailure) -> WebhookSender {
    let text: String
    switch receiver.template {
    case .builtIn(let builtIn): text = builtIn.text
    case .file(let path):
      do {
        guard let found = try TextFile.read(path) else {
          throw RunFailure("there is no file \(path)", next: "notifications \(receiver.name): templateFile")
        }
        text = found
      } catch let failure as RunFailure {
        throw failure
      } catch {
        throw RunFailure("\(path) cannot be read")
      }
    }
    if let problem = WebhookSender.problem(of: receiver) {
      throw RunFailure(
        "the caFile of the receiver \(receiver.name) cannot be used: \(problem)",
        next: "give it the certificate of the CA that signed the receiver's, as PEM, readable for fleetd")
    }
    let configuration = configuration
    do throws(NotificationTemplate.Problem) {
      return try WebhookSender(
        to: receiver, text: text,
        secret: { reference in
          let vault = try await SecretReader.read(
            [reference], from: configuration, environment: Wiring.environment(configuration))
          guard let secret = vault[reference] else { throw RunFailure("there is no secret \(reference.name)") }
          return secret
        })
    } catch {
      throw RunFailure(
        "the template of the receiver \(receiver.name) cannot be used: \(error.description)",
        next: "docs/notifications.md shows those that fleetd brings")
    }
  }

  func outboxes(
    now: @escaping @Sendable () -> Int,
    tell: @escaping @Sendable (NotificationReceiver, NotificationOutbox.Event) -> Void
  ) throws(RunFailure) -> [NotificationOutbox] {
    var outboxes: [NotificationOutbox] = []
    for receiver in configuration.notifications {
      let sender = try sender(to: receiver)
      outboxes.append(NotificationOutbox(to: receiver, by: sender, now: now) { tell(receiver, $0) })
    }
    return outboxes
  }
}
