package import FleetModel
import SSHClient

/// Fetches a secret of a k3s that runs already, once, so that the control node can keep it: adoption asks for it by name
/// and nothing else does. It changes nothing on the node, and what it reads is in no plan, log or argument.
package struct K3sTokenReader: Sendable {
  private let link: NodeLink

  package init(_ link: NodeLink) { self.link = link }

  /// The secret with this digest.
  ///
  /// - Parameters:
  ///   - digest: `K3sAdoption.tokenDigest`, or that of one of its `secrets`.
  ///   - adoption: names the files in which it may stand.
  /// - Returns: the password alone, where it is a token in the secure form.
  /// - Throws: `secretMissing` when no file holds it any more, and what keeps a connection from working.
  package func read(digest: String, of adoption: K3sAdoption) async throws(NodeFailure) -> Secret {
    let lines = [[digest]] + adoption.secretFiles.map { [$0] }
    let result = try await link.run(
      K3s.secretScript, input: lines.flatMap { NodeScript.line($0) },
      limits: SSHOutputLimits(stdout: 64 << 10, stderr: 16 << 10), deadline: .seconds(60))
    guard result.succeeded, !result.stdout.isEmpty else {
      throw NodeFailure(
        .secretMissing, "the secret is in none of the node's files any more",
        next: "look at \(adoption.secretFiles.joined(separator: ", ")) on the node, and run again")
    }
    return Secret(result.stdout)
  }
}
