/// One difference between a node and its desired state, as a plan shows it.
package struct Change: Sendable, Hashable {
  /// The symbol in a plan: an action is its symbol, as in Terraform's plans.
  package enum Action: String, Sendable, Hashable {
    case add = "+"
    case change = "~"
    case remove = "-"
    /// Something is done that leaves no value behind: start, restart, reboot, repair.
    case act = "!"
  }

  package let kind: ResourceKind
  /// What within the kind: a package, a path, a unit.
  package let name: String
  package let action: Action
  package let before: Shown
  package let after: Shown
  /// A unified diff's lines, each beginning with " ", "+" or "-"; empty when `before` and `after` say it all.
  package let diff: [String]
  /// What follows from it ("restarts k3s-agent"), or what to know about it.
  package let note: String?

  package init(
    _ action: Action,
    _ kind: ResourceKind,
    _ name: String,
    from before: Shown = .none,
    to after: Shown = .none,
    diff: [String] = [],
    note: String? = nil
  ) {
    self.kind = kind
    self.name = name
    self.action = action
    self.before = before
    self.after = after
    self.diff = diff
    self.note = note
  }
}
