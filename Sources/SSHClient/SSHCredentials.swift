/// What a connection can log in with: identities that were read and can be used, and why others cannot.
struct SSHCredentials {
  private(set) var keys: [SSHPrivateKey] = []
  private(set) var problems: [SSHIdentityProblem] = []
  private(set) var password: SSHPassword?

  /// sshd ends a connection at the sixth failure (MaxAuthTries), and a password may have to follow.
  static let mostKeys = 5

  /// The keys that are tried, of those that there are.
  var triedKeys: ArraySlice<SSHPrivateKey> { keys.prefix(Self.mostKeys) }

  /// Throws `identityUnusable` when not one of them can be used.
  init(_ identities: [SSHIdentity], for destination: SSHDestination) async throws(SSHError) {
    let held = await list(identities)
    for identity in identities {
      switch identity {
      case .file(let path, let passphrase):
        do throws(SSHIdentityProblem) {
          add(try SSHPrivateKey(file: try await SSHPrivateKeyFile.read(path), path, passphrase, heldByAgents: held))
        } catch {
          problems.append(error)
        }
      case .agent(let agent):
        for key in held where key.agent === agent { add(key.privateKey) }
      case .password(let given):
        password = password ?? given
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

  /// One key counts once: the first place where it is found.
  private mutating func add(_ key: SSHPrivateKey) {
    if let publicKey = key.publicKey, keys.contains(where: { $0.publicKey == publicKey }) { return }
    keys.append(key)
  }

  /// The keys of the agents among `identities` that this side can use; why others cannot goes to the problems.
  private mutating func list(_ identities: [SSHIdentity]) async -> [SSHHeldKey] {
    var held: [SSHHeldKey] = []
    for case .agent(let agent) in identities {
      do throws(SSHIdentityProblem) {
        let listed = try await agent.identities()
        if listed.isEmpty { throw SSHIdentityProblem(text: "\(agent.name): it holds no key (ssh-add adds one)") }
        for identity in listed {
          do throws(SSHIdentityProblem) {
            held.append(try SSHHeldKey(identity, agent, signsRSAWithSHA2: SSHLibrary.signsRSAWithSHA2))
          } catch {
            problems.append(error)
          }
        }
      } catch {
        problems.append(error)
      }
    }
    return held
  }
}

/// A key that an agent holds.
struct SSHHeldKey {
  let agent: SSHAgent
  let publicKey: SSHPublicKey
  let name: String

  init(
    _ identity: SSHAgentMessage.Identity, _ agent: SSHAgent, signsRSAWithSHA2: Bool
  ) throws(SSHIdentityProblem) {
    self.agent = agent
    let comment = identity.comment.isEmpty ? "a key" : identity.comment
    name = "\(comment) of \(agent.name)"
    do throws(SSHParseError) {
      publicKey = try SSHPublicKey(blob: identity.blob)
    } catch {
      // Certificates, keys on tokens, and types that are yet to come.
      let type = printable(identity.type ?? "?", limit: 60)
      throw SSHIdentityProblem(text: "\(name): keys of type \(type) are not supported")
    }
    if publicKey.type == "ssh-rsa", !signsRSAWithSHA2 { throw .rsa(name) }
  }

  var privateKey: SSHPrivateKey { SSHPrivateKey(name: name, publicKey: publicKey, signer: .agent(agent)) }
}
