private import Crypto

/// What fleetd does to a node, as an Event of Kubernetes on its Node object: for `kubectl describe node`.
package struct NodeEvent: Sendable, Hashable {
  /// In CamelCase, as Kubernetes has it.
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    case cordoned = "Cordoned"
    case drained = "Drained"
    case drainFailed = "DrainFailed"
    case uncordoned = "Uncordoned"
    case rebooting = "Rebooting"
    case rebooted = "Rebooted"
    case installingK3s = "InstallingK3s"
    case startedK3s = "StartedK3s"
    case stepFailed = "StepFailed"
    case converged = "Converged"
    case stalled = "Stalled"
    case rebuildStarted = "RebuildStarted"
    case rebuildFinished = "RebuildFinished"
    case rebuildBreached = "RebuildBreached"

    var isWarning: Bool {
      switch self {
      case .drainFailed, .stepFailed, .stalled, .rebuildBreached: true
      default: false
      }
    }
  }

  package let node: String
  package let reason: Reason
  package let message: String
  /// Seconds since 1970 UTC, of the last time.
  package private(set) var at: Int
  /// How often, since it was sent last.
  package private(set) var count = 1

  /// What an Event may say has 1,024 bytes.
  package init(_ reason: Reason, on node: String, _ message: String, at: Int) {
    self.node = node
    self.reason = reason
    let line = TerminalText.escape(message.replacing("\n", with: " "))
    self.message = line.utf8.count > 900 ? String(decoding: line.utf8.prefix(900), as: UTF8.self) + "…" : line
    self.at = at
  }

  /// The same thing again is the same Event, whose count goes up.
  package var name: String {
    let digest = SHA256.hash(data: Array("\(reason.rawValue)\n\(message)".utf8)).hexadecimal.prefix(16)
    return "\(node.prefix(200)).fleetd-\(digest)"
  }

  /// Together with a later one of the same name.
  package func merged(with later: NodeEvent) -> NodeEvent {
    var merged = self
    merged.count += later.count
    merged.at = max(at, later.at)
    return merged
  }

  private var members: String {
    let json = JSONText.object([
      .init("reason", .string(reason.rawValue)), .init("message", .string(message)),
      .init("type", .string(reason.isWarning ? "Warning" : "Normal")),
    ]).compact
    return String(json.dropFirst().dropLast())
  }

  /// Writes them, through whichever server answers. Nodes that the cluster does not have are left out.
  package static func step(for events: [NodeEvent]) -> Step {
    let lines = events.flatMap { event in
      [[event.node, event.name, "\(event.count)", UTCTime(event.at).iso8601], [event.members]]
    }
    return Step("write Events", .onServer(.nodeEvents, StepInput(lines), sparing: nil), deadline: .seconds(120))
  }
}

/// Events that wait to be written: bounded, the same ones as one. Pure.
package struct NodeEventQueue: Sendable {
  private var events: [NodeEvent] = []

  package static let capacity = 200
  /// So many are written with one request to a server.
  package static let batch = 20

  package init() {}

  package var isEmpty: Bool { events.isEmpty }

  /// Where there is no room the oldest goes: they are best-effort.
  package mutating func put(_ event: NodeEvent) {
    if let place = events.firstIndex(where: { $0.name == event.name }) {
      events[place] = events[place].merged(with: event)
      return
    }
    events.append(event)
    if events.count > Self.capacity { events.removeFirst() }
  }

  package mutating func take() -> [NodeEvent] {
    let taken = Array(events.prefix(Self.batch))
    events.removeFirst(taken.count)
    return taken
  }
}

extension StepScript {
  /// Two lines for each Event: the node, the Event's name, how often it came, when last; then the inside of the object:
  /// reason, message and type. In the namespace default, as Events of what has no namespace are.
  static let nodeEvents = StepScript(
    "node-events",
    #"""
    answering
    while IFS=$tab read -r node name count time; do
      IFS= read -r members || die 65 "the input ends early"
      uid=$(kube 10 get node "$node" --ignore-not-found --output 'jsonpath={.metadata.uid}' < /dev/null) \
        || die 70 "the Node $node cannot be read"
      [ -n "$uid" ] || continue
      before=$(kube 10 --namespace default get event "$name" --ignore-not-found --output 'jsonpath={.count}' < /dev/null) \
        || die 70 "the Event $name cannot be read"
      case $before in
        '')
          said=$(printf '{"apiVersion":"v1","kind":"Event","metadata":{"name":"%s","namespace":"default"},"involvedObject":{"apiVersion":"v1","kind":"Node","name":"%s","uid":"%s"},"source":{"component":"fleetd"},"reportingComponent":"fleetd","firstTimestamp":"%s","lastTimestamp":"%s","count":%s,%s}' \
            "$name" "$node" "$uid" "$time" "$time" "$count" "$members" | kube 10 create -f - 2>&1) ;;
        *[!0-9]*) die 70 "the Event $name has no count" ;;
        *)
          said=$(kube 10 --namespace default patch event "$name" --type merge \
            --patch '{"count":'"$((before + count))"',"lastTimestamp":"'"$time"'"}' 2>&1 < /dev/null) ;;
      esac || die 70 "the Event $name cannot be written: $said"
    done
    """#
  )
}
