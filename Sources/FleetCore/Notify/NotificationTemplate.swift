package import FleetModel
internal import Mustache

/// What a receiver is sent, made of a notification by a Mustache template. Variables are escaped for the body's type.
package struct NotificationTemplate: Sendable {
  private let template: MustacheTemplate

  /// It cannot be used: what is wrong with it.
  package struct Problem: Error, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// A template has so many bytes at most.
  package static let maximumBytes = 64 << 10

  /// - Parameter contentType: of the body; JSON is checked, so that a mistake shows now and not at three in the morning.
  package init(_ text: String, contentType: String) throws(Problem) {
    guard text.utf8.count <= Self.maximumBytes else { throw Problem(description: "it is longer than 64 KiB") }
    let isJSON = contentType.lowercased().contains("json")
    JSONEscaping.register
    do {
      template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(isJSON ? JSONEscaping.name : "TEXT")}}" + text)
    } catch {
      throw Problem(description: "it is no Mustache template: \(error)")
    }
    guard isJSON else { return }
    for sample in Notification.samples(of: "home") {
      let body = body(of: sample)
      guard (try? JSONText(parsing: Array(body.utf8))) == nil else { continue }
      throw Problem(description: "what it makes of \"\(sample.title)\" is no JSON: \(body.prefix(300))")
    }
  }

  package func body(of notification: Notification) -> String { template.render(notification.variables) }
}

/// RFC 8259, 7: what goes between the quotes. The library brings HTML and plain text.
private struct JSONEscaping: MustacheContentType {
  static let name = "FLEETDJSON"

  static let register: Void = MustacheContentTypes.register(JSONEscaping(), named: name)

  func escapeText(_ text: String) -> String { String(JSONText.string(text).compact.dropFirst().dropLast()) }
}
