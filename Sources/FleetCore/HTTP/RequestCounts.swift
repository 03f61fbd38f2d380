internal import FleetModel
internal import Synchronization

/// How many requests were answered, by the class of their status, and who follows the page.
final class RequestCounts: Sendable {
  private let byClass = Mutex([Int](repeating: 0, count: 6))

  func count(_ status: Int) {
    byClass.withLock { $0[min(max(status / 100, 0), 5)] += 1 }
  }

  func add(to text: inout MetricsText, liveClients: Int, most: Int) {
    let counts = byClass.withLock { $0 }
    text.counter(
      "fleetd_http_requests_total", "Answers over HTTP by the class of their status.",
      (2...5).map { .init(["code": "\($0)xx"], Double(counts[$0])) })
    text.gauge("fleetd_http_live_clients", "Clients that follow the page live.", Double(liveClients))
    text.gauge("fleetd_http_live_clients_limit", "How many may follow the page live.", Double(most))
  }
}
