internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#endif

/// Looks a name up with getaddrinfo, on threads of its own.
///
/// getaddrinfo blocks for as long as name servers keep silent. NIO's own resolver asks one name at a time for each
/// event loop: one dead name would hold up the connections to all other hosts. Used for one lookup.
final class SSHResolver: Resolver, Sendable {
  /// So many lookups at a time; more wait. The threads live as long as the process.
  private static let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 4)
    pool.start()
    return pool
  }()

  private let v4: EventLoopPromise<[SocketAddress]>
  private let v6: EventLoopPromise<[SocketAddress]>

  /// What getaddrinfo says: `Name or service not known`.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(eventLoop: any EventLoop) {
    v4 = eventLoop.makePromise()
    v6 = eventLoop.makePromise()
  }

  /// NIO asks for IPv6 first; one lookup answers both questions.
  func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
    Self.threads.submit { [v4, v6] _ in
      switch Self.look(up: host, port: port) {
      case .success(let addresses):
        v6.succeed(addresses.filter { $0.protocol == .inet6 })
        v4.succeed(addresses.filter { $0.protocol == .inet })
      case .failure(let failure):
        v6.fail(failure)
        v4.fail(failure)
      }
    }
    return v6.futureResult
  }

  func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
    v4.futureResult
  }

  /// getaddrinfo cannot be stopped; its answer is dropped.
  func cancelQueries() {}

  /// The addresses of a name, as text; empty when it has none or nobody knows.
  static func addresses(of host: String, port: Int, on eventLoop: any EventLoop) async -> [String] {
    let found = try? await threads.runIfActive(eventLoop: eventLoop) { try look(up: host, port: port).get() }.get()
    var addresses: [String] = []
    for case let address? in (found ?? []).map(\.ipAddress) where !addresses.contains(address) {
      addresses.append(address)
    }
    return addresses
  }

  private static func look(up host: String, port: Int) -> Result<[SocketAddress], Failure> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else { return .failure(Failure(description: String(cString: gai_strerror(code)))) }
    defer { freeaddrinfo(list) }
    return .success(
      sequence(first: list, next: { $0?.pointee.ai_next }).prefix { $0 != nil }.compactMap { entry in
        guard let info = entry?.pointee, let address = info.ai_addr else { return nil }
        let raw = UnsafeRawPointer(address)
        switch info.ai_family {
        case AF_INET: return SocketAddress(raw.loadUnaligned(as: sockaddr_in.self), host: host)
        case AF_INET6: return SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self), host: host)
        default: return nil
        }
      })
  }
}
