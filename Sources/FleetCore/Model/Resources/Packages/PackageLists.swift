/// How old a node's package lists are.
struct PackageLists: Sendable {
  /// Seconds; `nil` when there are no lists.
  let age: Int?
  /// Whether the sources changed since, or do so in this pass.
  let sourcesChanged: Bool

  init(refreshed: Int?, now: Int, sourcesChanged: Bool = false) {
    age = refreshed.map { max(0, now - max(0, $0)) }
    self.sourcesChanged = sourcesChanged
  }

  var isStale: Bool { sourcesChanged || (age.map { $0 > Packages.listsMaximumAge } ?? true) }

  /// "lists as of 9 days ago".
  var description: String {
    guard let age else { return "there are no lists yet" }
    if sourcesChanged { return "lists older than their sources" }
    if age >= 2 * 86_400 { return "lists as of \(age / 86_400) days ago" }
    return age >= 2 * 3600 ? "lists as of \(age / 3600) hours ago" : "lists as of \(age / 60) minutes ago"
  }
}
