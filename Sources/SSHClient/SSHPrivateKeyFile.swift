internal import FoundationEssentials

/// A private key file: what it says in clear text, and its bytes.
struct SSHPrivateKeyFile {
  /// For messages.
  let name: String
  let contents: [UInt8]
  let isEncrypted: Bool
  /// Nil where the format does not say it.
  let publicKey: SSHPublicKey?

  /// Decides from a key file's text whether libssh2 can log in with it: its return codes do not tell.
  init(name: String, contents: [UInt8], signsRSAWithSHA2: Bool) throws(SSHIdentityProblem) {
    let text = String(decoding: contents, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }
    guard let first = lines.first(where: { !$0.isEmpty }), first.hasPrefix("-----BEGIN "),
      let label = first.dropFirst("-----BEGIN ".count).split(separator: "-").first
    else {
      throw SSHIdentityProblem(text: "\(name): not a private key: it does not begin with -----BEGIN")
    }
    var type: String?
    var publicKey: SSHPublicKey?
    var encrypted = label == "ENCRYPTED PRIVATE KEY" || lines.contains { $0.hasPrefix("Proc-Type: 4,ENCRYPTED") }
    switch label {
    case "OPENSSH PRIVATE KEY":
      guard let header = OpenSSHKeyHeader(lines: lines) else {
        throw SSHIdentityProblem(text: "\(name): the private key is damaged")
      }
      type = header.keyType
      publicKey = try? SSHPublicKey(blob: header.publicKey)
      encrypted = header.isEncrypted
    case "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY":
      break
    case "RSA PRIVATE KEY":
      type = "ssh-rsa"
    default:
      throw SSHIdentityProblem(text: "\(name): keys of the kind \(printable(label, limit: 40)) are not supported")
    }
    if type == "ssh-rsa", !signsRSAWithSHA2 { throw .rsa(name) }
    if let type, !SSHPublicKey.supportedTypes.contains(type) {
      throw SSHIdentityProblem(text: "\(name): keys of type \(printable(type, limit: 60)) are not supported")
    }
    self.name = name
    self.contents = contents
    self.publicKey = publicKey
    isEncrypted = encrypted
  }

  static func read(_ path: String) async throws(SSHIdentityProblem) -> SSHPrivateKeyFile {
    // The largest RSA keys take some 13 KB.
    let bound = 64 << 10
    let contents: [UInt8]
    do throws(LocalFile.Problem) {
      let file = try await LocalFile.open(path)
      guard file.size <= bound else { throw LocalFile.Problem(text: "\(printable(path)): too large for a private key") }
      contents = try await file.read(bound, at: 0)
    } catch {
      throw SSHIdentityProblem(text: error.text)
    }
    return try SSHPrivateKeyFile(
      name: printable(path), contents: contents, signsRSAWithSHA2: SSHLibrary.signsRSAWithSHA2)
  }
}

extension SSHPrivateKey {
  /// The way to use a file's key: an encrypted one through an agent that holds it, else with its passphrase.
  init(
    file: SSHPrivateKeyFile, _ path: String, _ passphrase: SSHPassphrase?, heldByAgents held: [SSHHeldKey]
  ) throws(SSHIdentityProblem) {
    guard file.isEncrypted else {
      self.init(name: file.name, publicKey: file.publicKey, signer: .file(file.contents))
      return
    }
    guard let publicKey = file.publicKey else {
      throw SSHIdentityProblem(
        text: "\(file.name): the key is encrypted in PEM; ssh-keygen -p -f \(file.name) writes it in OpenSSH's format")
    }
    if let holder = held.first(where: { $0.publicKey == publicKey }) {
      self = holder.privateKey
    } else if let passphrase {
      self.init(name: file.name, publicKey: publicKey, signer: .passphrase(passphrase))
    } else {
      throw .encrypted(path)
    }
  }
}

extension SSHIdentityProblem {
  static func rsa(_ name: String) -> SSHIdentityProblem {
    SSHIdentityProblem(
      text: "\(name): RSA keys need libssh2 1.11, this is \(SSHLibrary.version), whose SHA-1 signatures current "
        + "servers refuse; make a key with ssh-keygen -t ed25519")
  }
}

/// The clear-text beginning of a key in OpenSSH's format (PROTOCOL.key in its sources).
private struct OpenSSHKeyHeader {
  let keyType: String
  let isEncrypted: Bool
  let publicKey: [UInt8]

  init?(lines: [Substring]) {
    let body = lines.drop { !$0.hasPrefix("-----BEGIN") }.dropFirst().prefix { !$0.hasPrefix("-----END") }
    guard let data = Data(base64Encoded: body.joined()) else { return nil }
    let magic = Array("openssh-key-v1\0".utf8)
    var reader = WireReader(data)
    guard let start = reader.take(magic.count), Array(start) == magic, let cipher = reader.name(),
      reader.name() != nil, reader.string() != nil, reader.uint32() != nil, let key = reader.string()
    else { return nil }
    var keyReader = WireReader(key)
    guard let type = keyReader.name() else { return nil }
    keyType = type
    publicKey = Array(key)
    isEncrypted = cipher != "none"
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var rest = self.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
