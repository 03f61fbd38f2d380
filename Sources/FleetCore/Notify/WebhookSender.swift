internal import AsyncHTTPClient
package import FleetModel
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1

/// Sends notifications to one URL. What it says of a failure names neither the address nor a header: both may be secrets.
package struct WebhookSender: NotificationSender {
  /// Reads a secret when it is needed: one that is rotated counts from the next notification on. Throws why it cannot.
  package typealias SecretSource = @Sendable (SecretReference) async throws -> Secret

  private let receiver: NotificationReceiver
  private let template: NotificationTemplate
  private let headers: [String: NotificationTemplate]
  private let secret: SecretSource
  private let patience: Duration

  /// What keeps its certificates from being used; `nil`: nothing, or there are none.
  package static func problem(of receiver: NotificationReceiver) -> String? {
    guard let caFile = receiver.caFile else { return nil }
    do throws(ReceiverTrust.Problem) { _ = try ReceiverTrust.configuration(caFile) } catch { return "\(error)" }
    return nil
  }

  /// - Parameters:
  ///   - text: of its template.
  ///   - patience: how long one attempt may take.
  package init(
    to receiver: NotificationReceiver, text: String, secret: @escaping SecretSource, patience: Duration = .seconds(15)
  ) throws(NotificationTemplate.Problem) {
    self.receiver = receiver
    self.secret = secret
    self.patience = patience
    template = try NotificationTemplate(text, contentType: receiver.contentType)
    var headers: [String: NotificationTemplate] = [:]
    if case .builtIn(let builtIn) = receiver.template {
      for (name, text) in builtIn.headers {
        headers[name] = try NotificationTemplate(text, contentType: "text/plain")
      }
    }
    self.headers = headers
  }

  package func send(_ notification: Notification) async -> NotificationDelivery {
    var request: HTTPClientRequest
    do { request = try await self.request(for: notification) } catch {
      return .failed("its secret cannot be read: \(error)", after: nil)
    }
    if let caFile = receiver.caFile {
      do throws(ReceiverTrust.Problem) { request.tlsConfiguration = try ReceiverTrust.configuration(caFile) } catch {
        return .failed("its caFile cannot be used: \(error)", after: nil)
      }
    }
    request.body = .bytes(ByteBuffer(string: template.body(of: notification)))
    let response: HTTPClientResponse
    do {
      response = try await Self.client.execute(
        request, deadline: .now() + .nanoseconds(Int64(patience / .nanoseconds(1))))
    } catch {
      return Self.delivery(of: error, receiver.caFile)
    }
    // What it says is not needed; a little of it is read, so that the connection can be used again.
    _ = try? await response.body.collect(upTo: 64 << 10)
    return Self.delivery(of: response, at: Int(Date().timeIntervalSince1970))
  }

  private func request(for notification: Notification) async throws -> HTTPClientRequest {
    var request = HTTPClientRequest(url: try await text(of: receiver.url))
    request.method = .POST
    request.headers.add(name: "Content-Type", value: receiver.contentType)
    request.headers.add(name: "User-Agent", value: "fleetd")
    for (name, template) in headers {
      request.headers.replaceOrAdd(name: name, value: Self.headerValue(template.body(of: notification)))
    }
    for (name, value) in receiver.headers {
      request.headers.replaceOrAdd(name: name, value: try await text(of: value))
    }
    return request
  }

  private func text(of value: NotificationReceiver.Value) async throws -> String {
    switch value {
    case .plain(let text): text
    case .secret(let reference): String(decoding: try await secret(reference).withBytes { $0 }, as: UTF8.self)
    }
  }

  /// RFC 9110, 5.5: a header is one line; what is not ASCII is written so by RFC 2047, which ntfy reads.
  static func headerValue(_ text: String) -> String {
    let line = String(text.map { $0.isNewline ? " " : $0 }.prefix(200))
    guard line.utf8.contains(where: { $0 < 0x20 || $0 > 0x7E }) else { return line }
    return "=?UTF-8?B?\(Data(line.utf8).base64EncodedString())?="
  }

  /// One for the whole process, never shut down. A redirect is not followed: a secret address must not be told on.
  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration.singletonConfiguration
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.redirectConfiguration = .disallow
    return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
  }()
}

extension WebhookSender {
  static func delivery(of response: HTTPClientResponse, at now: Int) -> NotificationDelivery {
    let status = response.status.code
    switch status {
    case 200..<300: return .delivered
    case 408, 425, 429, 500...:
      return .failed("it answers \(status)", after: retryAfter(response.headers.first(name: "retry-after"), at: now))
    case 300..<400: return .refused("it answers \(status): a redirect is not followed")
    default: return .refused("it answers \(status)")
    }
  }

  /// RFC 9110, 10.2.3: seconds, or a date. An hour at most.
  static func retryAfter(_ value: String?, at now: Int) -> Int? {
    guard let value else { return nil }
    if let seconds = Int(value) { return min(max(0, seconds), 3600) }
    guard let date = HTTPDate(value) else { return nil }
    return min(max(0, date.seconds - now), 3600)
  }

  private static func delivery(of error: any Error, _ caFile: String?) -> NotificationDelivery {
    if let words = ReceiverTrust.words(for: error, caFile: caFile) { return .failed(words, after: nil) }
    guard let error = error as? HTTPClientError else { return .failed("it cannot be reached", after: nil) }
    switch error {
    case .connectTimeout: return .failed("it takes no connection within 10 s", after: nil)
    case .deadlineExceeded, .readTimeout: return .failed("it does not answer in time", after: nil)
    case .invalidURL, .emptyHost, .emptyScheme: return .refused("its address is no http or https URL")
    case .remoteConnectionClosed: return .failed("it closed the connection", after: nil)
    default: return .failed("the exchange failed: \(error.shortDescription)", after: nil)
    }
  }
}
