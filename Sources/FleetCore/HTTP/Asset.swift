internal import Crypto
internal import FleetModel
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A file of the page. It is part of the program: there is nothing to install beside it.
struct Asset: Sendable {
  let path: RouterPath
  private let type: String
  private let text: String
  private let tag: String

  private init(_ path: RouterPath, _ type: String, _ text: String) {
    self.path = path
    self.type = type
    self.text = text
    tag =
      "\"" + SHA256.hash(data: Array(text.utf8)).prefix(8).map { String($0, radix: 16) }.joined(separator: "-") + "\""
  }

  static let all = [
    Asset("/assets/fleetd.css", "text/css", PageStyle.text),
    Asset("/assets/fleetd.js", "text/javascript", PageScript.text),
    Asset("/assets/icon.svg", "image/svg+xml", PageStyle.icon),
    Asset("/favicon.ico", "image/svg+xml", PageStyle.icon),
  ]

  /// A browser asks each time whether its copy is still good: another version of fleetd has other files.
  func response(to request: Request) -> Response {
    var response = Routes.answer(type, text)
    if request.headers[.ifNoneMatch] == tag { response = Response(status: .notModified) }
    response.headers[.eTag] = tag
    response.headers[.cacheControl] = "no-cache"
    return response
  }
}
