/// Which host keys are accepted. There is no policy that accepts a key that nobody named.
public enum SSHHostKeyPolicy: Sendable {
  /// Exactly these keys, whatever any file says.
  case pinned([SSHPublicKey])
  /// The keys that a known_hosts file gives for the destination.
  case knownHosts(SSHKnownHosts)

  /// The keys that a destination may present; empty when it is unknown.
  func keys(for destination: SSHDestination) -> [SSHPublicKey] {
    switch self {
    case .pinned(let keys): keys
    case .knownHosts(let hosts): hosts.keys(host: destination.host, port: destination.port)
    }
  }
}
