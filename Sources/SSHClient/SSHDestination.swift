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

  /// What keeps this destination from being used, if anything: the values may come from a file.
  var problem: String? {
    if host.isEmpty || host.utf8.contains(0) || host.utf8.count > 255 { return "the host is no name or address" }
    if user.isEmpty || user.utf8.contains(0) || user.utf8.count > 255 { return "the user is no account name" }
    return (1...65_535).contains(port) ? nil : "the port \(port) is not between 1 and 65535"
  }

  /// `user@host`, with the port when it is not 22: `pi@192.168.1.11`, `pi@[fe80::1]:2222`.
  public var description: String {
    let (user, host) = (printable(user), printable(host))
    let bracketed = host.contains(":") ? "[\(host)]" : host
    return port == 22 ? "\(user)@\(host)" : "\(user)@\(bracketed):\(port)"
  }
}
