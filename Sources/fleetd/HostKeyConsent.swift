import FleetApply
import FleetModel
import FleetReconcile
import SSHClient

/// Asks somebody whether a host's key is the right one.
struct HostKeyConsent {
  private let review: HostKeyReview

  init(_ review: HostKeyReview) { self.review = review }

  /// The key to trust; `nil`: no. Throws where the fingerprint that was given is not offered, and where there is nobody
  /// to ask.
  func answer(fingerprint: String?) throws -> SSHPublicKey? {
    do throws(NodeFailure) {
      guard let key = try review.candidate(fingerprint: fingerprint) else { return nil }
      guard fingerprint == nil else { return key }
      return try ask(about: key)
    } catch {
      throw RunFailure(error.message, next: error.next)
    }
  }

  private func ask(about key: SSHPublicKey) throws(NodeFailure) -> SSHPublicKey? {
    guard Console.isTerminal(0), Console.isTerminal(2) else {
      throw NodeFailure(
        .hostKeyUnknown, "the key of \(review.node.name) is not trusted: there is no terminal to ask on",
        next: "\(HostKeyReview.comparison(of: key)); then: fleetd trust \(review.node.name) --fingerprint SHA256:…")
    }
    Console.progress(HostKeyReview.comparison(of: key))
    let answer = Console.answer(to: "Is \(key.fingerprint) what it shows there? (yes in full, or no)")
    guard answer == "yes" else {
      Console.note("nothing was changed")
      return nil
    }
    return key
  }
}
