/// A k3s release such as `v1.33.4+k3s1`.
///
/// Ordered by k3s' own rule: unlike semantic versioning the number behind `+k3s` counts (`+k3s2` is newer than
/// `+k3s1`), and a release candidate (`v1.33.4-rc1+k3s1`) is older than its release.
package struct K3sVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let major: Int
  package let minor: Int
  package let patch: Int
  /// The number of the release candidate; `nil` for a release.
  package let candidate: Int?
  /// The respin behind `+k3s`.
  package let build: Int

  package init?(_ text: String) {
    guard text.utf8.count <= 64, text.hasPrefix("v") else { return nil }
    let halves = text.dropFirst().split(separator: "+", omittingEmptySubsequences: false)
    guard halves.count == 2, halves[1].hasPrefix("k3s"), let build = Self.number(halves[1].dropFirst(3)) else {
      return nil
    }
    let core = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    let numbers = core[0].split(separator: ".", omittingEmptySubsequences: false).map { Self.number($0) }
    guard core.count <= 2, numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2]
    else { return nil }
    var candidate: Int?
    if core.count == 2 {
      guard core[1].hasPrefix("rc"), let number = Self.number(core[1].dropFirst(2)) else { return nil }
      candidate = number
    }
    self.major = major
    self.minor = minor
    self.patch = patch
    self.candidate = candidate
    self.build = build
  }

  private static func number(_ digits: Substring) -> Int? {
    guard !digits.isEmpty, digits.count <= 6, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(digits)
  }

  package var description: String {
    "v\(major).\(minor).\(patch)" + (candidate.map { "-rc\($0)" } ?? "") + "+k3s\(build)"
  }

  package static func < (one: K3sVersion, other: K3sVersion) -> Bool {
    let left = (one.major, one.minor, one.patch, one.candidate ?? Int.max, one.build)
    let right = (other.major, other.minor, other.patch, other.candidate ?? Int.max, other.build)
    return left < right
  }
}

extension TextRule {
  package static let k3sVersion = TextRule("a k3s version such as v1.33.4+k3s1", pattern: "^v[0-9]") { text in
    K3sVersion(text) == nil ? "is none (channels such as \"stable\" are not followed)" : nil
  }
}
