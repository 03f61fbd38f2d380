import FleetModel
import FoundationEssentials
import Subprocess

/// The key pair with which this control node logs in to its nodes.
package enum OwnKey {
  /// The public half of a private key's file as ssh-keygen tells it; the file beside it, should the private one be
  /// encrypted.
  package static func publicLine(of path: String) async throws(RunFailure) -> String {
    do throws(RunFailure) {
      return try await keygen(["-y", "-P", "", "-f", path])
    } catch {
      guard let data = FileManager.default.contents(atPath: path + ".pub"), data.count <= 16 << 10 else {
        throw RunFailure(
          "the public half of \(path) cannot be told: \(error.message)", next: "ssh-keygen -y -f \(path) > \(path).pub")
      }
      return String(decoding: data, as: UTF8.self).trimmingWhitespace()
    }
  }

  /// Makes a pair without a passphrase, readable by this account alone.
  package static func make(_ path: String) async throws(RunFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: String(path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }),
        withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw RunFailure("there is no place for the key \(path)", next: "may this account write there?")
    }
    _ = try await keygen(["-q", "-t", "ed25519", "-N", "", "-C", "fleetd", "-f", path])
  }

  private static func keygen(_ words: [String]) async throws(RunFailure) -> String {
    do {
      let result = try await run(
        .name("ssh-keygen"), arguments: Arguments(words), output: .string(limit: 64 << 10),
        error: .string(limit: 64 << 10))
      guard result.terminationStatus.isSuccess else {
        let said = TerminalText.tail(of: result.standardError, lines: 1).first ?? "it said nothing"
        throw RunFailure("ssh-keygen failed: \(said)")
      }
      return result.standardOutput.trimmingWhitespace()
    } catch let failure as RunFailure {
      throw failure
    } catch {
      throw RunFailure("ssh-keygen cannot be run", next: "apt-get install openssh-client")
    }
  }
}
