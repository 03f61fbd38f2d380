internal import AsyncHTTPClient
internal import NIOSSL

/// Which certificates of receivers are trusted, and what is said where one is not.
enum ReceiverTrust {
  /// The certificates of this file alone. Throws what is wrong with it; read anew for each attempt, as secrets are.
  static func configuration(_ caFile: String) throws(Problem) -> TLSConfiguration {
    let authorities: [NIOSSLCertificate]
    do { authorities = try NIOSSLCertificate.fromPEMFile(caFile) } catch {
      throw Problem(description: "\(caFile) cannot be read, or is no PEM file of certificates")
    }
    guard !authorities.isEmpty else { throw Problem(description: "\(caFile) holds no certificate") }
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(authorities)
    return configuration
  }

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// What a failed handshake means; `nil`: it is none.
  static func words(for error: any Error, caFile: String?) -> String? {
    if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
      return "its certificate is for another name than its address has"
    }
    guard let error = error as? NIOSSLError, case .handshakeFailed(let cause) = error else { return nil }
    guard "\(cause)".contains("CERTIFICATE_VERIFY_FAILED") else { return "it makes no TLS connection" }
    return caFile.map { "its certificate is not signed by one in \($0), or has expired" }
      ?? "its certificate is not trusted by this control node, or has expired: name its CA as caFile"
  }
}
