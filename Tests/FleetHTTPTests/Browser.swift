import AsyncHTTPClient
import FleetModel
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// A headless chromium behind Debian's chromedriver, for as long as a test's body runs.
struct Browser: Sendable {
  /// scripts/requirements installs both.
  static let isInstalled = Tool.exists("chromium") && Tool.exists("chromedriver")

  private let client: HTTPClient
  private let session: String

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func run(
    with client: HTTPClient, hasScript: Bool = true, width: Int = 1280,
    _ body: @escaping @Sendable (Browser) async throws -> Void
  ) async throws {
    let driver = Process()
    driver.executableURL = URL(filePath: "/usr/bin/chromedriver")
    // Port 0: the driver says which one it has taken.
    driver.arguments = ["--port=0", "--allowed-ips=127.0.0.1"]
    let output = Pipe()
    driver.standardOutput = output
    driver.standardError = FileHandle.nullDevice
    try driver.run()
    defer {
      // A test runner may have SIGTERM blocked, and a child inherits that.
      kill(driver.processIdentifier, SIGKILL)
      driver.waitUntilExit()
    }
    let port = try port(told: output.fileHandleForReading)
    let browser = try await Browser(client, driver: "http://127.0.0.1:\(port)", hasScript: hasScript, width: width)
    do { try await body(browser) } catch {
      await browser.end()
      throw error
    }
    await browser.end()
  }

  private static func port(told output: FileHandle) throws -> Int {
    var text = ""
    while true {
      let data = output.availableData
      guard !data.isEmpty else { throw Failure(description: "chromedriver did not start: \(text)") }
      text += String(decoding: data, as: UTF8.self)
      if let match = text.firstMatch(of: /started successfully on port ([0-9]+)\./), let port = Int(match.1) {
        return port
      }
    }
  }

  private init(_ client: HTTPClient, driver: String, hasScript: Bool, width: Int) async throws {
    self.client = client
    let arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    var options: [JSONText.Member] = [.init("args", .array(arguments.map { .string($0) }))]
    if !hasScript {
      options.append(
        .init("prefs", .object([.init("profile.managed_default_content_settings.javascript", .integer(2))])))
    }
    let wanted = JSONText.object([
      .init(
        "capabilities",
        .object([
          .init(
            "alwaysMatch",
            .object([
              .init("goog:chromeOptions", .object(options)),
              .init("goog:loggingPrefs", .object([.init("browser", .string("ALL"))])),
            ]))
        ]))
    ])
    let answer = try await Self.call(client, "\(driver)/session", wanted)
    guard let id = answer["sessionId"]?.string else { throw Failure(description: "no session: \(answer.compact)") }
    session = "\(driver)/session/\(id)"
    // A phone's width, whatever the smallest window of the desktop is.
    _ = try await devTools(
      "Emulation.setDeviceMetricsOverride",
      .object([
        .init("width", .integer(Int64(width))), .init("height", .integer(900)), .init("deviceScaleFactor", .integer(1)),
        .init("mobile", .boolean(width < 600)),
      ]))
  }

  func open(_ url: String) async throws { _ = try await call("url", .object([.init("url", .string(url))])) }

  @discardableResult
  func script(_ text: String) async throws -> JSONText {
    try await call("execute/sync", .object([.init("script", .string(text)), .init("args", .array([]))]))
  }

  /// Until the script returns true; the test's own time limit ends it otherwise.
  func wait(for condition: String) async throws {
    while try await script(condition) != .boolean(true) { await Task.yield() }
  }

  func text(of selector: String) async throws -> String {
    let found = try await call(
      "element", .object([.init("using", .string("css selector")), .init("value", .string(selector))]))
    guard let id = found.members?.first?.value.string else { throw Failure(description: "no \(selector)") }
    return try await call("element/\(id)/text", nil).string ?? ""
  }

  /// What the browser has logged: errors of scripts, violations of the content security policy, what could not be loaded.
  func complaints() async throws -> [String] {
    let log = try await call("se/log", .object([.init("type", .string("browser"))]))
    return (log.items ?? []).compactMap { $0["message"]?.string }
  }

  /// `light`, `dark`.
  func prefer(_ scheme: String) async throws {
    let feature = JSONText.object([
      .init("name", .string("prefers-color-scheme")), .init("value", .string(scheme)),
    ])
    _ = try await devTools("Emulation.setEmulatedMedia", .object([.init("features", .array([feature]))]))
  }

  private func devTools(_ command: String, _ parameters: JSONText) async throws -> JSONText {
    try await call("goog/cdp/execute", .object([.init("cmd", .string(command)), .init("params", parameters)]))
  }

  private func end() async {
    var request = HTTPClientRequest(url: session)
    request.method = .DELETE
    _ = try? await client.execute(request, timeout: .seconds(30))
  }

  private func call(_ path: String, _ body: JSONText?) async throws -> JSONText {
    try await Self.call(client, "\(session)/\(path)", body)
  }

  private static func call(_ client: HTTPClient, _ url: String, _ body: JSONText?) async throws -> JSONText {
    var request = HTTPClientRequest(url: url)
    if let body {
      request.method = .POST
      request.body = .bytes(ByteBuffer(string: body.compact))
    }
    let response = try await client.execute(request, timeout: .seconds(90))
    let value = try JSONText(parsing: Array(try await response.text.utf8), maximumDepth: 32)["value"] ?? .null
    guard response.status == .ok else { throw Failure(description: "\(url): \(value.compact.prefix(400))") }
    return value
  }
}
