import YAMLSource

/// What the daemon may do with the checkout, and which commits it takes.
package struct CheckoutPolicy: Sendable, Hashable {
  /// How often it is fetched and fast-forwarded; `nil`: somebody else moves it, and its HEAD is watched.
  package var pull: Duration? = nil
  /// Whether a branch that was rewritten is followed: the checkout is then reset to it.
  package var allowsForced = false
  /// The file of allowed signers (ssh-keygen(1)); `nil`: commits need no signature.
  package var signers: String? = nil

  package init(pull: Duration? = nil, allowsForced: Bool = false, signers: String? = nil) {
    self.pull = pull
    self.allowsForced = allowsForced
    self.signers = signers
  }

  init(decoding checkout: YAMLNode?, _ diagnostics: inout Diagnostics) {
    let entries = checkout?.mapping
    pull = entries?["pull"]?.string.flatMap(DurationText.parse)
    allowsForced = entries?["force"]?.bool ?? false
    signers = entries?["signers"]?.string
    if let node = entries?["pull"], let pull, pull < Self.shortestPull {
      diagnostics.report(
        at: node.mark, "ControlNode.spec.checkout.pull: \(DurationText.render(pull)) is too often",
        hint: "ask the remote every \(DurationText.render(Self.shortestPull)) at most; 1m is usual")
    }
    if let node = entries?["force"], allowsForced, pull == nil {
      diagnostics.report(
        at: node.mark, "ControlNode.spec.checkout.force: nothing is fetched without pull",
        hint: "add pull: 1m, or leave force out")
    }
  }

  private static let shortestPull: Duration = .seconds(5)

  static let fields: [Field] = [
    Field(
      "pull", .duration,
      "How often the daemon fetches and fast-forwards the checkout; default never: its HEAD is watched."),
    Field(
      "force", .boolean,
      "Follow a branch that was rewritten, by resetting the checkout to it; default false: it is refused."),
    Field(
      "signers", .text(.absolutePath),
      "Allowed signers (ssh-keygen's format): the daemon takes only commits that one of them signed with an SSH key."),
  ]
}
