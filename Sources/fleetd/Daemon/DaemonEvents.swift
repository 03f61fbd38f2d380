import FleetApply
import FleetModel
import FleetReconcile
import Logging

/// What the daemon does, as lines of its log.
struct DaemonEvents: Sendable {
  let log: Logger

  func tell(_ event: FleetLoops.Event) {
    switch event {
    case .began(let causes): log.info("pass begins: \(causes.joined(separator: ", "))")
    case .looked(let plan):
      let summary = plan.summary
      log.info(
        "observed: \(summary.inSync) of \(summary.nodes) in sync, \(summary.changes) changes, \(summary.objects) objects, \(summary.notObserved) not observed"
      )
    case .applied(let report):
      for result in report.results { tell(result) }
      if let failure = report.failure { log.error("\(failure.step): \(failure.failure.message)") }
    case .failed(let problem): log.error("pass failed: \(problem)")
    case .changed(let change):
      log.notice("\(change.node): \(change.words)", metadata: ["node": "\(change.node)"])
    }
  }

  private func tell(_ result: NodeResult) {
    let node: Logger.Metadata = ["node": "\(result.node)"]
    switch result.outcome {
    case .converged(let changes): log.notice("\(result.node): converged, \(changes) changes", metadata: node)
    case .failed(let failure):
      log.error("\(result.node): failed: \(failure.step): \(failure.failure.message)", metadata: node)
    case .stalled(let failure): log.error("\(result.node): stalled: \(failure.message)", metadata: node)
    case .inSync, .held, .attention, .notObserved, .notSelected: break
    }
  }

  /// What becomes of notifications; no address of a receiver is in it.
  func tell(_ receiver: NotificationReceiver, _ event: NotificationOutbox.Event) {
    let name = receiver.name
    switch event {
    case .delivered(let notification): log.debug("notification to \(name): \(notification.title)")
    case .failed(let words, let again): log.warning("notification to \(name): \(words); again in \(again) s")
    case .refused(let words, let notification):
      log.error("notification to \(name): \(words); \"\(notification.title)\" is given up")
    case .dropped(let count): log.warning("notifications to \(name): \(count) dropped so far; it does not keep up")
    }
  }

  /// Steps and hooks are told; what is only looked at is not.
  func progress(_ event: ProgressEvent) {
    switch event {
    case .stepStarted(let node, let step): log.info("\(node): \(step.title)", metadata: ["node": "\(node)"])
    case .stepFailed(let node, let failure):
      log.warning("\(node): failed: \(failure.step): \(failure.failure.message)", metadata: ["node": "\(node)"])
    case .waiting(let node, let what): log.info("\(node): \(what); waiting", metadata: ["node": "\(node)"])
    case .fetching(let what): log.info("fetching \(what)")
    case .hook(let hook, let node, let line): log.info("\(node.map { "\($0): " } ?? "")hook \(hook.rawValue): \(line)")
    case .observing, .connected, .observed, .notObserved, .stepSucceeded, .sighted, .hookStarted, .turnEnded: break
    }
  }
}
