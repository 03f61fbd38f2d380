/// One value in which an object differs, as a plan shows it.
package struct ObjectField: Sendable, Hashable {
  /// `spec.template.spec.containers[web].image`.
  package let path: String
  package let before: Shown
  package let after: Shown
  /// A unified diff of a text of several lines; then `before` and `after` are `none`.
  package let lines: [String]

  package init(_ path: String, from before: Shown, to after: Shown, lines: [String] = []) {
    self.path = path
    self.before = before
    self.after = after
    self.lines = lines
  }
}
