/// Why a server did not open a channel (RFC 4254, 5.1): what it says, never more.
struct SSHChannelRefusal: Equatable {
  let reason: UInt32
  /// Safe to print; may be empty. OpenSSH puts the text of an errno or of the resolver here.
  let text: String

  /// SSH_OPEN_CONNECT_FAILED: the server tried, and could not connect.
  private static let connectFailed: UInt32 = 2

  /// The failure to reach `target` through a server that refused with this.
  func error(reaching target: SSHDestination, through bastion: SSHDestination) -> SSHError {
    let place = "port \(target.port) of \(printable(target.host))"
    guard reason == Self.connectFailed else {
      return SSHError(
        .unreachable, target, "\(bastion) does not forward to \(place): \(words)",
        nextStep:
          "on the bastion: let sshd_config forward to it (AllowTcpForwarding, PermitOpen, DisableForwarding), and "
          + "the key's line in authorized_keys (restrict, no-port-forwarding, permitopen)")
    }
    let said = "\(bastion) cannot connect to \(place): \(words)"
    let lowercased = text.lowercased()
    if lowercased.contains("refused") {
      return SSHError(
        .connectRefused, target, said, nextStep: "is sshd running on the node, and is spec.ssh.port right?")
    }
    if lowercased.contains("timed out") {
      return SSHError(
        .connectTimedOut, target, said, nextStep: "is the node powered, and does no firewall keep the bastion from it?")
    }
    if lowercased.contains("name resolution") || lowercased.contains("name or service") {
      return SSHError(
        .resolveFailed, target, said, nextStep: "the bastion looks the name up: check it there, or use an IP address")
    }
    return SSHError(
      .unreachable, target, said, nextStep: "is the node powered, and is spec.address right as the bastion sees it?")
  }

  private var words: String {
    if !text.isEmpty { return text.first.map { $0.lowercased() + text.dropFirst() } ?? text }
    return switch reason {
    case 1: "administratively prohibited"
    case 2: "connect failed"
    case 3: "unknown channel type"
    case 4: "resource shortage"
    default: "reason \(reason)"
    }
  }
}
