/// How old a node's package lists are.
struct PackageLists: Sendable {
  /// Seconds; `nil` when there are no lists.
  let age: Int?

  init(refreshed: Int?, now: Int) { age = refreshed.map { max(0, now - max(0, $0)) } }

  var isStale: Bool { age.map { $0 > Packages.listsMaximumAge } ?? true }

  /// "lists as of 9 days ago".
  var description: String {
    guard let age else { return "there are no lists yet" }
    if age >= 2 * 86_400 { return "lists as of \(age / 86_400) days ago" }
    return age >= 2 * 3600 ? "lists as of \(age / 3600) hours ago" : "lists as of \(age / 60) minutes ago"
  }
}
