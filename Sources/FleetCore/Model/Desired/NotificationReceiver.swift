import YAMLSource

/// Somebody who is told what happens to the fleet: a URL that takes a POST, and what is sent there.
package struct NotificationReceiver: Sendable, Hashable {
  /// A value of the control node's configuration that may be a secret: Slack's URLs are.
  package enum Value: Sendable, Hashable {
    case plain(String)
    case secret(SecretReference)
  }

  /// What the body is made of.
  package enum Template: Sendable, Hashable {
    case builtIn(BuiltIn)
    /// An absolute path of the control node.
    case file(String)
  }

  package enum BuiltIn: String, Sendable, Hashable, CaseIterable {
    case slack, ntfy, alertmanager, json
  }

  package let name: String
  package let url: Value
  package let template: Template
  package let contentType: String
  package let headers: [String: Value]
  package let events: Set<NotificationEvent>
  /// How many it is sent in any hour at most; what is beyond comes in digests, which count too.
  package let perHour: Int
  /// A PEM file of certificates: its own must be signed by one of them. `nil`: by one that the control node trusts.
  package let caFile: String?

  package init(
    name: String, url: Value, template: Template = .builtIn(.json), contentType: String? = nil,
    headers: [String: Value] = [:], events: Set<NotificationEvent> = Set(NotificationEvent.allCases),
    perHour: Int? = nil, caFile: String? = nil
  ) {
    self.name = name
    self.url = url
    self.template = template
    self.contentType = contentType ?? template.contentType
    self.headers = headers
    self.events = events
    self.perHour = perHour ?? template.perHour
    self.caFile = caFile
  }

  /// Everything of it that is a secret.
  package var secrets: [SecretReference] {
    ([url] + headers.values).compactMap { if case .secret(let reference) = $0 { reference } else { nil } }
  }
}

extension NotificationReceiver.Template {
  fileprivate var contentType: String { self == .builtIn(.ntfy) ? "text/plain; charset=utf-8" : "application/json" }

  /// A program groups and silences by itself; a person is not to be buried.
  fileprivate var perHour: Int { self == .builtIn(.alertmanager) ? 600 : 20 }
}

extension NotificationReceiver {
  static let field = Field(
    "notifications",
    .list(
      of: .object([
        Field("name", .text(.secretName), required: true, "What logs and fleetd notify call it."),
        Field(
          "url", .either([.text(.webhookURL), .secret]), required: true,
          "Where a POST goes; {secret: NAME} where the address itself is one, as Slack's are."),
        Field(
          "caFile", .text(.absolutePath),
          "A PEM file: with https its certificate must be signed by one in there. Default: those that the control node trusts."
        ),
        Field("template", .choice(BuiltIn.allCases.map(\.rawValue)), "A body that fleetd brings; default json."),
        Field(
          "templateFile", .text(.absolutePath),
          "A Mustache template of your own instead; docs/notifications.md names its variables."),
        Field(
          "contentType", .text(.notEmpty),
          "Default application/json: variables are escaped for JSON. With text/plain they are not escaped."),
        Field(
          "headers", .map(keys: .headerName, values: .either([.text(.headerValue), .secret])),
          "Further headers, such as Authorization: {secret: NAME}."),
        Field(
          "events", .list(of: .choice(NotificationEvent.allCases.map(\.rawValue)), merge: .atomic),
          "What it is told of; default everything."),
        Field(
          "perHour", .integer(2...3600),
          "How many it is sent in any hour at most; what is beyond comes in digests. Default 20, with alertmanager 600."
        ),
      ]), merge: .atomic),
    "Who is told what happens to the fleet, by the daemon."
  )

  private static let most = 16

  static func decode(
    _ node: YAMLNode?, definedSecrets names: some Collection<String>, _ diagnostics: inout Diagnostics
  ) -> [NotificationReceiver] {
    let entries = node?.sequence ?? []
    if entries.count > most {
      diagnostics.report(at: node?.mark, "notifications: \(entries.count) receivers, and at most \(most) are taken")
    }
    var taken: Set<String> = []
    return entries.compactMap { entry in
      let receiver = NotificationReceiver(decoding: entry, names, &diagnostics)
      if let receiver, !taken.insert(receiver.name).inserted {
        diagnostics.report(at: entry.mark, "notifications: \"\(receiver.name)\" is there twice")
      }
      return receiver
    }
  }

  private init?(decoding node: YAMLNode, _ names: some Collection<String>, _ diagnostics: inout Diagnostics) {
    guard let mapping = node.mapping, let name = mapping["name"]?.string,
      let url = Value(decoding: mapping["url"], names, &diagnostics)
    else { return nil }
    if mapping["template"] != nil, mapping["templateFile"] != nil {
      diagnostics.report(at: node.mark, "notifications \"\(name)\": give template or templateFile, not both")
    }
    if mapping["caFile"] != nil, case .plain(let text) = url, text.hasPrefix("http:") {
      diagnostics.report(at: node.mark, "notifications \"\(name)\": caFile is for https, and the url is http")
    }
    var headers: [String: Value] = [:]
    for entry in mapping["headers"]?.mapping?.entries ?? [] {
      headers[entry.key] = Value(decoding: entry.value, names, &diagnostics)
    }
    let events = mapping["events"]?.sequence?.compactMap(\.string).compactMap(NotificationEvent.init)
    if events?.isEmpty == true {
      diagnostics.report(at: node.mark, "notifications \"\(name)\": with no events it would never be told anything")
    }
    let template =
      mapping["templateFile"]?.string.map { Template.file($0) }
      ?? .builtIn(mapping["template"]?.string.flatMap(BuiltIn.init) ?? .json)
    self.init(
      name: name, url: url, template: template, contentType: mapping["contentType"]?.string, headers: headers,
      events: events.map { Set($0) } ?? Set(NotificationEvent.allCases),
      perHour: mapping["perHour"]?.int.map { Int($0) }, caFile: mapping["caFile"]?.string)
  }
}

extension NotificationReceiver.Value {
  fileprivate init?(
    decoding node: YAMLNode?, _ names: some Collection<String>, _ diagnostics: inout Diagnostics
  ) {
    if let text = node?.string {
      self = .plain(text)
    } else if let reference = SecretReference(decoding: node, definedIn: names, &diagnostics) {
      self = .secret(reference)
    } else {
      return nil
    }
  }
}

extension TextRule {
  /// A URL that somebody writes in the open holds no password.
  static let webhookURL = TextRule("an http or https URL", pattern: "^https?://") { text in
    guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else {
      return "is neither http:// nor https://"
    }
    let host = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !host.isEmpty else { return "names no host" }
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return "is longer than 2048 characters, or holds one that a URL must not"
    }
    return host.contains("@") ? "holds a user or password: use headers, or {secret: NAME}" : nil
  }

  static let headerName = word("an HTTP header's name", rest: .init("-"), length: 64)

  static let headerValue = TextRule("an HTTP header's value", pattern: "^[ -~]{1,1024}$") { text in
    (1...1024).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
      ? nil : "is not one line of up to 1024 printable ASCII characters"
  }
}
