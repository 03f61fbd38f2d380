/// What a connection can log in with: identities that were read and can be used, and why others cannot.
struct SSHCredentials {
  private(set) var keys: [SSHPrivateKey] = []
  private(set) var problems: [SSHIdentityProblem] = []
  private(set) var password: SSHPassword?

  /// Throws `identityUnusable` when not one of them can be used.
  init(_ identities: [SSHIdentity], for destination: SSHDestination) async throws(SSHError) {
    for identity in identities {
      do throws(SSHIdentityProblem) {
        switch identity {
        case .file(let path): keys.append(try await SSHPrivateKey.read(path))
        case .password(let given): password = password ?? given
        }
      } catch {
        problems.append(error)
      }
    }
    guard !keys.isEmpty || password != nil else {
      let reasons = problems.map(\.text).joined(separator: "; ")
      throw SSHError(
        .identityUnusable,
        destination,
        reasons.isEmpty ? "no private key is configured" : "no private key can be used: \(reasons)"
      )
    }
  }
}
