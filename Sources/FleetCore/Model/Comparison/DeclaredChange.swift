/// One value in which two commits' desired states differ, as the repository writes it.
///
/// It is taken from the repository alone: of a secret it holds the name, as the repository does.
package struct DeclaredChange: Sendable, Hashable {
  package let action: Change.Action
  /// The key of the kind: `packages`, `files`, `k3s`.
  package let kind: String
  /// What within the kind: `nfs-common`, `/etc/motd content`.
  package let name: String
  /// In YAML's flow style; `nil`: there is none, or the diff says it.
  package let before: String?
  package let after: String?
  /// A unified diff's lines, each beginning with " ", "+", "-" or "@"; empty when the values say it all.
  package let diff: [String]
  /// What follows from it, or what to know about it.
  package let note: String?

  package init(
    _ action: Change.Action, _ kind: String, _ name: String, from before: String? = nil, to after: String? = nil,
    diff: [String] = [], note: String? = nil
  ) {
    self.action = action
    self.kind = kind
    self.name = name
    self.before = before
    self.after = after
    self.diff = diff
    self.note = note
  }
}

extension ChangeRow {
  init(_ change: DeclaredChange, isWhole: Bool, arrow: String) {
    let text = ShownText(isWhole: isWhole)
    let shown = { (value: String?) in value.map(Shown.text) ?? Shown.none }
    self.init(
      action: change.action, kind: text.line(change.kind), what: text.line(change.name),
      value: text.value(
        of: Change(change.action, .objects, "", from: shown(change.before), to: shown(change.after)), arrow: arrow),
      note: text.line(change.note ?? ""), diff: change.diff.map { text.line($0) })
  }
}
