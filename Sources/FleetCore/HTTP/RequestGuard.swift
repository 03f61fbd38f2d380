internal import FleetModel
internal import HTTPTypes
internal import Hummingbird

/// Decides before anything else whether a request is answered, and gives every answer its headers.
struct RequestGuard<Context: RequestContext>: RouterMiddleware {
  let hosts: Set<String>
  let token: AccessToken?
  let counts: RequestCounts

  private static var longestPath: Int { 512 }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = if let refusal = refusal(of: request) { refusal } else { try await next(request, context) }
    } catch let error as HTTPError {
      response = Self.plain(error.status, error.status == .notFound ? "there is no such page; / has all" : "")
    }
    counts.count(response.status.code)
    for (name, value) in Self.headers { response.headers[name] = value }
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }

  /// `nil`: it may be answered.
  private func refusal(of request: Request) -> Response? {
    guard isKnown(request.head.authority) else {
      return Self.plain(
        .misdirectedRequest,
        "fleetd is not served under this name; add it to spec.http.hosts of the control node's configuration")
    }
    guard token?.isBrought(by: request.headers[.authorization]) ?? true else {
      var response = Self.plain(.unauthorized, "a token is needed: Authorization: Bearer TOKEN, or as a password")
      response.headers[values: .wwwAuthenticate] = [
        #"Basic realm="fleetd", charset="UTF-8""#, #"Bearer realm="fleetd""#,
      ]
      return response
    }
    guard request.method == .get || request.method == .head else {
      var response = Self.plain(.methodNotAllowed, "fleetd is only read over HTTP")
      response.headers[.allow] = "GET, HEAD"
      return response
    }
    guard (request.head.path ?? "").utf8.count <= Self.longestPath else { return Self.plain(.uriTooLong, "too long") }
    let length = request.headers[.contentLength].map { Int($0) ?? 1 } ?? 0
    guard length == 0, request.headers[.transferEncoding] == nil else {
      return Self.plain(.contentTooLarge, "a request has no body here")
    }
    return nil
  }

  /// Addresses cannot be rebound by somebody's DNS, names can.
  private func isKnown(_ authority: String?) -> Bool {
    guard let authority, authority.utf8.count <= 300 else { return false }
    var host = authority.lowercased()[...]
    if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
      guard Int(host[host.index(after: colon)...]) != nil else { return false }
      host = host[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { return HTTPSettings.Endpoint.isIPv6(host.dropFirst().dropLast()) }
    return host == "localhost" || HTTPSettings.Endpoint.isIPv4(host) || hosts.contains(String(host))
  }

  static func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
    let words = text.isEmpty ? status.reasonPhrase : text
    return Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: words + "\n")))
  }

  private static var headers: [(HTTPField.Name, String)] {
    [
      (
        .contentSecurityPolicy,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
      ), (.xContentTypeOptions, "nosniff"), (.frameOptions, "DENY"), (.referrerPolicy, "no-referrer"),
      (.resourcePolicy, "same-origin"), (.openerPolicy, "same-origin"),
    ]
  }
}

extension HTTPField.Name {
  fileprivate static let frameOptions = known("X-Frame-Options")
  fileprivate static let referrerPolicy = known("Referrer-Policy")
  fileprivate static let resourcePolicy = known("Cross-Origin-Resource-Policy")
  fileprivate static let openerPolicy = known("Cross-Origin-Opener-Policy")

  /// A name that is well formed; should it not be, a harmless one.
  private static func known(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .server }
}
