import YAMLSource

/// Where the daemon serves its page, its API and its metrics, and to whom.
package struct HTTPSettings: Sendable, Hashable {
  /// An IP address without brackets, and a port.
  package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    package let address: String
    package let port: Int

    package init(address: String, port: Int) {
      self.address = address
      self.port = port
    }

    /// Whether only this machine reaches it.
    package var isLoopback: Bool { address == "::1" || address.hasPrefix("127.") }

    package var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
  }

  /// What the server proves itself with, and what clients must prove themselves with.
  package struct Certificates: Sendable, Hashable {
    /// Files: a chain and its key, PEM.
    package let certificate: String
    package let key: String
    /// A file of certificates that a client's must be signed by; `nil`: clients need none.
    package let clientAuthority: String?

    package init(certificate: String, key: String, clientAuthority: String?) {
      self.certificate = certificate
      self.key = key
      self.clientAuthority = clientAuthority
    }
  }

  /// `nil`: nothing is served.
  package var endpoint: Endpoint?
  /// What every request must bring; `nil`: nothing.
  package var token: SecretReference?
  /// `nil`: plain HTTP.
  package var certificates: Certificates?
  /// Names under which it is reached, beside addresses and localhost.
  package var hosts: [String] = []
  /// How many may follow the page live at once.
  package var liveClients = defaultLiveClients

  package init(endpoint: Endpoint? = standard) { self.endpoint = endpoint }

  package static let standard = Endpoint(address: "127.0.0.1", port: 9808)
  package static let defaultLiveClients = 500
}

extension HTTPSettings {
  init(decoding node: YAMLNode?, definedIn secrets: some Collection<String>, _ diagnostics: inout Diagnostics) {
    self.init()
    guard let node, let entries = node.mapping else { return }
    if let listen = entries["listen"], let text = listen.string {
      endpoint = text == "off" ? nil : Endpoint(text)
      if text != "off", endpoint == nil {
        diagnostics.report(
          at: listen.mark, "ControlNode.spec.http.listen: \"\(text)\" is no ADDRESS:PORT",
          hint: "127.0.0.1:9808, [::1]:9808, 0.0.0.0:9808, or off")
      }
    }
    token = SecretReference(decoding: entries["token"], definedIn: secrets, &diagnostics)
    if let tls = entries["tls"]?.mapping, let certificate = tls["certificate"]?.string, let key = tls["key"]?.string {
      certificates = Certificates(
        certificate: certificate, key: key, clientAuthority: tls["clientAuthority"]?.string)
    }
    hosts = (entries["hosts"]?.sequence ?? []).compactMap(\.string).map { $0.lowercased() }
    if let clients = entries["liveClients"]?.int { liveClients = Int(clients) }
    // Whether the secret exists was told already.
    guard let endpoint, !endpoint.isLoopback, entries["token"] == nil, certificates?.clientAuthority == nil else {
      return
    }
    diagnostics.report(
      at: entries["listen"]?.mark ?? node.mark,
      "ControlNode.spec.http: \(endpoint) is open to others, and nothing keeps them out",
      hint: "add token: {secret: http-token} or tls.clientAuthority, or listen on 127.0.0.1:\(endpoint.port)")
  }

  static let field = Field(
    "http",
    .object([
      Field(
        "listen", .text(.notEmpty),
        "Address and port, or off. Default 127.0.0.1:9808; other machines' access needs a token or tls.clientAuthority."
      ),
      Field("token", .secret, "What every request must bring, as a bearer token or as the password of basic access."),
      Field(
        "tls",
        .object([
          Field("certificate", .text(.absolutePath), required: true, "The server's certificate and its chain, PEM."),
          Field("key", .text(.absolutePath), required: true, "Its private key, PEM; only its owner can read it."),
          Field(
            "clientAuthority", .text(.absolutePath),
            "Certificates that a client's certificate must be signed by; without it clients need none."),
        ]),
        "HTTPS instead of HTTP."),
      Field(
        "hosts", .list(of: .text(.name), merge: .atomic),
        "Names under which it is reached, beside addresses and localhost; others are refused."),
      Field("liveClients", .integer(1...10_000), "How many may follow the page live at once; default 500."),
    ]),
    "The daemon's page, API and metrics.")
}

extension HTTPSettings.Endpoint {
  /// `127.0.0.1:9808`, `[::1]:9808`, `localhost:9808`; `nil`: something else.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65_535).contains(port)
    else { return nil }
    let host = text[..<colon]
    if host == "localhost" {
      self.init(address: "127.0.0.1", port: port)
    } else if host.hasPrefix("["), host.hasSuffix("]"), Self.isIPv6(host.dropFirst().dropLast()) {
      self.init(address: String(host.dropFirst().dropLast()), port: port)
    } else if Self.isIPv4(host) {
      self.init(address: String(host), port: port)
    } else {
      return nil
    }
  }

  /// Four numbers up to 255.
  package static func isIPv4(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.count) && part.allSatisfy { $0.isASCII && $0.isNumber } && (Int(part) ?? 256) <= 255
      }
  }

  /// Hexadecimal digits and colons: whether it is an address at all the kernel says.
  package static func isIPv6(_ text: some StringProtocol) -> Bool {
    text.contains(":") && text.count <= 45
      && text.allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") }
  }
}
