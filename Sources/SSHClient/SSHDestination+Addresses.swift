public import NIOCore

extension SSHDestination {
  /// What the host's name stands for now, as IPv4 and IPv6 addresses; empty when it has none, or no name server answers.
  public func addresses(on group: any EventLoopGroup) async -> [String] {
    guard problem == nil else { return [] }
    return await SSHResolver.addresses(of: host, port: port, on: group.next())
  }
}
