package import FleetApply
import FleetModel
import FoundationEssentials

/// SSH host keys that this control node made for its nodes, in `<state>/host-keys/FLEET@NODE`, for its own account alone.
package struct HostKeyStore: Sendable {
  package let path: String

  package init(_ state: ControlNodeState, of node: String, in fleet: String) {
    path = "\(state.root)/host-keys/\(fleet)@\(node)"
  }

  /// The private key's file; `nil`: there is none yet.
  package func read() throws(RunFailure) -> [UInt8]? {
    guard let status = FileStatus(of: path) else { return nil }
    guard let bytes = PrivateFile.read(path, limit: 1 << 14) else {
      throw RunFailure("\(path) cannot be read", next: "may this account read it?")
    }
    guard status.mode & 0o077 == 0 else {
      throw RunFailure("others may read \(path)", next: "chmod 600 \(path)")
    }
    return bytes
  }

  /// Makes it where there is none: an Ed25519 key, whole and on the disk before this returns.
  package func make() async throws(RunFailure) -> [UInt8] {
    if let bytes = try read() { return bytes }
    let temporary = path + ".fleetd-new-key"
    for name in [temporary, temporary + ".pub"] { try? FileManager.default.removeItem(atPath: name) }
    defer { for name in [temporary, temporary + ".pub"] { try? FileManager.default.removeItem(atPath: name) } }
    try await OwnKey.make(temporary)
    guard let bytes = PrivateFile.read(temporary) else { throw RunFailure("ssh-keygen made no key at \(temporary)") }
    do throws(NodeFailure) { try PrivateFile.write(bytes, to: path) } catch {
      throw RunFailure(error.message, next: error.next)
    }
    return bytes
  }

  /// `ssh-ed25519 AAAA…`, without a comment.
  package func publicLine() async throws(RunFailure) -> String {
    try await OwnKey.publicLine(of: path).split(separator: " ").prefix(2).joined(separator: " ")
  }
}
