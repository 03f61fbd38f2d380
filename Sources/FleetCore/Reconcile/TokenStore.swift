package import FleetApply
package import FleetModel

/// The tokens of one fleet's cluster that this control node keeps, each in a file for its owner alone: the one that fleetd
/// made where the inventory names none, and during a rotation the next and the previous one.
package struct TokenStore: Sendable {
  private let directory: String
  private let fleet: String

  /// - Parameter fleet: its name, which holds letters, digits and dashes only.
  package init(_ state: ControlNodeState, of fleet: String) {
    directory = "\(state.root)/tokens"
    self.fleet = fleet
  }

  package enum Place: String, Sendable, CaseIterable {
    case current = ""
    /// What the cluster shall have: kept before the cluster hears of it.
    case next = ".next"
    /// What it had: older snapshots need it, and it is kept until every node has the new one.
    case previous = ".previous"
  }

  package func path(of place: Place) -> String { "\(directory)/\(fleet)\(place.rawValue)" }

  /// `nil`: there is none. Throws where others could read it, or put another in its place.
  package func token(_ place: Place) throws(RunFailure) -> Secret? {
    let path = path(of: place)
    guard FileStatus(of: path) != nil else { return nil }
    var bytes = try SecretFile.read(path, for: K3sToken.own.name)[...]
    while bytes.last == 0x0A { bytes.removeLast() }
    guard !bytes.isEmpty else { throw RunFailure("\(path) is empty", next: "fleetd token adopt") }
    return Secret(Array(bytes))
  }

  package func keep(_ token: Secret, as place: Place) throws(RunFailure) {
    let reference = K3sToken.own
    let bytes = Content(secret: reference).bytes(with: SecretVault([reference.name: token])) ?? []
    try writing { () throws(NodeFailure) in
      try PrivateFile.makeDirectory(directory)
      try PrivateFile.write(bytes + [0x0A], to: path(of: place))
    }
  }

  package func remove(_ place: Place) throws(RunFailure) {
    try writing { () throws(NodeFailure) in try PrivateFile.remove(path(of: place)) }
  }

  /// The digest of a new token that the cluster was given and not every node has; `nil`: no rotation is under way.
  package var rotatingTo: String? {
    PrivateFile.read("\(directory)/\(fleet).rotating", limit: 4096)
      .map { String(decoding: $0, as: UTF8.self).trimmingWhitespace() }
  }

  /// - Parameter digest: see `K3sToken.digest`; `nil`: every node has it.
  package func setRotating(to digest: String?) throws(RunFailure) {
    let path = "\(directory)/\(fleet).rotating"
    try writing { () throws(NodeFailure) in
      guard let digest else { return try PrivateFile.remove(path) }
      try PrivateFile.makeDirectory(directory)
      try PrivateFile.write(Array("\(digest)\n".utf8), to: path)
    }
  }

  private func writing(_ work: () throws(NodeFailure) -> Void) throws(RunFailure) {
    do throws(NodeFailure) { try work() } catch { throw RunFailure(error.message, next: error.next) }
  }
}

extension Secret {
  /// 32 random bytes in hexadecimal.
  package static func randomToken() -> Secret {
    var random = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef".utf8)
    return Secret((0..<64).map { _ in digits[Int.random(in: 0..<16, using: &random)] })
  }
}
