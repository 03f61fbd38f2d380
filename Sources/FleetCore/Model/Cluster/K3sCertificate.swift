/// A certificate of k3s' own on a node: not one of its authorities, which live for ten years.
package struct K3sCertificate: Sendable, Hashable {
  package let path: String
  /// Seconds since 1970 UTC.
  package let expiresAt: Int
  /// When the file was written, by the node's clock; `nil`: not known.
  package let writtenAt: Int?

  package init(path: String, expiresAt: Int, writtenAt: Int? = nil) {
    self.path = path
    self.expiresAt = expiresAt
    self.writtenAt = writtenAt
  }

  /// - Parameters:
  ///   - fields: the path, and the certificate in base64.
  ///   - times: when the files were written, by path.
  /// - Returns: `nil` for what is no certificate: k3s may keep other files there one day.
  init?(fields: [String], times: [String: Int]) {
    guard fields.count == 2, let bytes = Base64.decode(fields[1]),
      let expiresAt = CertificateDates.notAfter(in: bytes)
    else { return nil }
    self.init(path: fields[0], expiresAt: expiresAt, writtenAt: times[fields[0]])
  }
}

/// When k3s is restarted so that its certificates do not end.
///
/// They are valid for 365 days. k3s renews those that are in their last 120 days (90 in releases before May 2025), and
/// only while it starts: one that runs for a year ends in a cluster that talks to nobody.
package struct K3sRenewal: Sendable, Hashable {
  /// A restart is planned when less is left: well inside the window of every release, so that it certainly renews, and
  /// early enough for a fleet that is let into its maintenance window once a month.
  package static let restartDays = 75
  /// Said when less is left: the restart was due for weeks.
  package static let warningDays = 30

  /// The one that ends first.
  package let certificate: K3sCertificate
  /// How many whole days are left; negative: it has expired.
  package let daysLeft: Int
  /// Whether k3s was started since the restart was due, and this certificate stayed as it is.
  package let isStuck: Bool

  /// - Parameters:
  ///   - now: the control node's clock, in seconds since 1970 UTC.
  ///   - nodeClock: the node's, by which files were written.
  ///   - runningFor: seconds since k3s was started last; `nil`: it does not run, and renews when it starts.
  /// - Returns: `nil` while nothing is due.
  package init?(of certificates: [K3sCertificate], now: Int, nodeClock: Int? = nil, runningFor: Int?) {
    guard let first = certificates.min(by: { ($0.expiresAt, $0.path) < ($1.expiresAt, $1.path) }) else { return nil }
    let left = first.expiresAt - now
    let due = Self.restartDays * 86_400
    guard left < due else { return nil }
    certificate = first
    daysLeft = Int((Double(left) / 86_400).rounded(.down))
    // Another restart would not do what the last one did not. Of a file that was written since nothing is known.
    let isNewer = runningFor.flatMap { running in first.writtenAt.map { $0 > (nodeClock ?? now) - running } } ?? false
    isStuck = (runningFor.map { $0 < due - left } ?? false) && !isNewer
  }

  package var isWarning: Bool { isStuck || daysLeft < Self.warningDays }

  /// `certificates expire on 2026-12-20, in 24 days`.
  package var words: String {
    let day = UTCTime(certificate.expiresAt).day
    return daysLeft < 0
      ? "certificates have expired on \(day)"
      : "certificates expire on \(day), in \(daysLeft) day\(daysLeft == 1 ? "" : "s")"
  }
}
