/// What the daemon does with the difference between a node and what is declared.
package enum Mode: String, Sendable, Hashable, CaseIterable {
  /// It is shown.
  case observe
  /// It is mended.
  case enforce

  static let schema: Schema = .choice(allCases.map(\.rawValue))
}
