/// A pattern of paths: `*` and `?` within a name, `**` over any number of directories, all else itself.
package struct GlobPattern: Sendable, Hashable {
  private let parts: [String]

  package init(_ text: String) { parts = text.split(separator: "/").map(String.init) }

  package func matches(_ path: String) -> Bool {
    Self.matches(path.split(separator: "/").map(String.init)[...], parts[...])
  }

  private static func matches(_ path: ArraySlice<String>, _ parts: ArraySlice<String>) -> Bool {
    guard let part = parts.first else { return path.isEmpty }
    if part == "**" {
      // Several in a row are one.
      let rest = parts.drop { $0 == "**" }
      return path.indices.contains { matches(path[$0...], rest) } || matches([], rest)
    }
    guard let name = path.first, matchesName(Array(name), Array(part)) else { return false }
    return matches(path.dropFirst(), parts.dropFirst())
  }

  /// In one walk: the last `*` is the only one that is ever taken back.
  private static func matchesName(_ name: [Character], _ pattern: [Character]) -> Bool {
    var (place, at) = (0, 0)
    var star: (pattern: Int, name: Int)?
    while place < name.count {
      if at < pattern.count, pattern[at] == "*" {
        star = (at, place)
        at += 1
      } else if at < pattern.count, pattern[at] == "?" || pattern[at] == name[place] {
        at += 1
        place += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        (at, place) = (last.pattern + 1, last.name + 1)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == "*" }
  }
}

extension TextRule {
  /// Few stars: each may be tried at every directory.
  package static let glob = TextRule("a pattern of paths such as \"**/*.age\"", pattern: "^[^/]") { text in
    if text.isEmpty { return "is empty" }
    if text.hasPrefix("/") { return "is absolute: write it from the root of the repository" }
    if text.utf8.count > 256 { return "is longer than 256 bytes" }
    return text.split(separator: "/").count { $0 == "**" } > 3 ? "holds more than three \"**\"" : nil
  }
}
