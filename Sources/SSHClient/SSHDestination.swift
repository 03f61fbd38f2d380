/// Where a connection goes: a host name or an IPv4 or IPv6 address, a TCP port, and the account on the far side.
public struct SSHDestination: Sendable, Hashable, CustomStringConvertible {
  /// A name to resolve or a literal address; an IPv6 address stands without brackets (`fe80::1%eth0` is allowed).
  public var host: String
  /// 1 to 65535.
  public var port: Int
  /// The account to log in to.
  public var user: String

  public init(host: String, port: Int = 22, user: String) {
    self.host = host
    self.port = port
    self.user = user
  }

  /// `user@host`, with the port when it is not 22: `pi@192.168.1.11`, `pi@[fe80::1]:2222`.
  public var description: String {
    let bracketed = host.contains(":") ? "[\(host)]" : host
    return port == 22 ? "\(user)@\(host)" : "\(user)@\(bracketed):\(port)"
  }
}
