import FleetHTTP
import FleetModel
import FleetReconcile

/// What clients may ask of the daemon.
struct DaemonRequests: Sendable {
  let keeper: FleetKeeper
  let overview: any OverviewSource

  func answer(_ request: JSONText) async -> JSONText {
    let node = request["node"]?.string ?? ""
    switch request["do"]?.string {
    case "status":
      let rebuilds = await overview.overview().runningRebuildsJSON
      return Self.success(["status": await keeper.status().setting(["rebuilds"], to: rebuilds)])
    case "reconcile":
      let unknown = await keeper.reconcile((request["nodes"]?.items ?? []).compactMap(\.string))
      guard unknown.isEmpty else {
        return Self.failure(RunFailure("the fleet has no node \(unknown.joined(separator: ", "))"))
      }
      return Self.success()
    case "pause":
      var until: Int?
      if case .integer(let end)? = request["until"] { until = Int(end) }
      do throws(RunFailure) {
        try await keeper.pause(node, reason: String((request["reason"]?.string ?? "").prefix(200)), until: until)
        return Self.success()
      } catch { return Self.failure(error) }
    case "resume":
      do throws(RunFailure) {
        return Self.success(["wasPaused": .boolean(try await keeper.resume(node))])
      } catch { return Self.failure(error) }
    default:
      return Self.failure(RunFailure("the daemon does not know this request", next: "is it of the same version?"))
    }
  }

  private static func success(_ members: KeyValuePairs<String, JSONText> = [:]) -> JSONText {
    .object([.init("ok", .boolean(true))] + members.map { .init($0.key, $0.value) })
  }

  private static func failure(_ failure: RunFailure) -> JSONText {
    .object([
      .init("ok", .boolean(false)), .init("error", .string(failure.message)),
      .init("next", failure.next.map { .string($0) } ?? .null),
    ])
  }
}
