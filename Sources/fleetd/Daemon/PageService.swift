import FleetHTTP
import FleetModel
import FleetReconcile
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the page, the API and the metrics. That it cannot is told, and keeps the daemon from nothing: it is tried again.
struct PageService: Service {
  let server: FleetHTTPServer
  let settings: HTTPSettings
  let log: Logger

  private static let rest: Duration = .seconds(30)

  /// Reads the token. Throws where it is none, and nothing must be served without it.
  init(
    _ configuration: ControlNodeConfiguration, _ source: any OverviewSource, on group: any EventLoopGroup, log: Logger
  ) async throws {
    settings = configuration.http
    self.log = log
    var token: AccessToken?
    if let reference = settings.token, settings.endpoint != nil {
      guard let secret = try await Wiring(configuration: configuration, group: group).secret(reference),
        let accepted = AccessToken(secret)
      else {
        throw RunFailure(
          "the secret \(reference.name) is too short for the token of http",
          next: "\(AccessToken.shortest) bytes at least: openssl rand -hex 32")
      }
      token = accepted
    }
    server = FleetHTTPServer(settings, token: token, source: source, on: group, log: log)
  }

  func run() async throws {
    guard let endpoint = settings.endpoint else {
      try? await gracefulShutdown()
      return
    }
    await cancelWhenGracefulShutdown {
      var told = ""
      while !Task.isCancelled {
        do {
          let place = place(endpoint)
          try await server.run { _ in log.info("serves \(place)") }
        } catch is CancellationError {} catch {
          let problem = "\(place(endpoint)) cannot be served: \(error)"
          if !Task.isCancelled, problem != told { log.error("\(problem); it is tried again") }
          told = problem
        }
        // Who holds the address says nothing when it lets go.
        try? await Task.sleep(for: Self.rest)
      }
    }
  }

  private func place(_ endpoint: HTTPSettings.Endpoint) -> String {
    "\(settings.certificates == nil ? "http" : "https")://\(endpoint)/"
  }
}
