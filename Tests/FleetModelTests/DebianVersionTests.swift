import Foundation
import Testing

@testable import FleetModel

@Suite("Debian versions")
struct DebianVersionTests {
  /// Pairs in order; `=` pairs are the same version. Taken from deb-version(7) and from what real archives hold.
  static let ordered: [(String, String, String)] = [
    ("1.0", "<", "1.1"), ("1.9", "<", "1.10"), ("1.0", "=", "1.0-0"), ("1.0", "=", "0:1.0"), ("1.01", "=", "1.1"),
    ("1.0-1", "<", "1.0-1.1"), ("1.0-1", "<", "1.0-2"), ("9.9", "<", "1:0.1"), ("1:2.6.1-1", "<", "1:2.6.2-4"),
    ("1.0~rc1", "<", "1.0"), ("1.0~~", "<", "1.0~"), ("1.0~", "<", "1.0"), ("1.0", "<", "1.0a"),
    ("1.0a", "<", "1.0+"), ("1.0a", "<", "1.0.1"), ("1.0Z", "<", "1.0a"), ("1.0+dfsg-1", "<", "1.0+dfsg1-1"),
    ("1:2.6.2-4", "<", "1:2.6.2-4+deb12u1"), ("5.2.15-2+b8", "<", "5.2.15-2+b13"), ("2.0-1-1", "<", "2.0-1-2"),
    ("1.0.", "=", "1.0.0"), ("1.0-1~bpo12+1", "<", "1.0-1"), ("1.20", "<", "1.123456789012345678901234567890"),
    ("0", "=", "00"), ("1.0~rc1-1", "<", "1.0~rc1-1+b1"), ("1:0", "<", "2:0"), ("a1", "<", "b1"),
  ]

  @Test("are ordered by epoch, upstream and revision, with ~ before everything", arguments: ordered)
  func order(_ one: String, _ relation: String, _ other: String) throws {
    let (left, right) = (try #require(DebianVersion(one)), try #require(DebianVersion(other)))
    #expect((left < right) == (relation == "<"))
    #expect((left == right) == (relation == "="))
    #expect(!(right < left))
  }

  @Test(
    "are ordered as dpkg orders them",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg"), "needs Debian's dpkg"),
    arguments: ordered
  )
  func orderOfDpkg(_ one: String, _ relation: String, _ other: String) throws {
    #expect(try run("/usr/bin/dpkg", ["--compare-versions", one, relation == "<" ? "lt" : "eq", other]) == 0)
  }

  @Test(
    "of other shapes are none",
    arguments: ["", ":1.0", "x:1.0", "1:", "1.0-", "-1", "1.0_1", "1.0 1", "99999999999:1", "1.0/1", "1.ö", "1.0\n"]
  )
  func malformed(_ text: String) {
    #expect(DebianVersion(text) == nil)
  }
}

@Suite("version patterns")
struct PackageVersionPatternTests {
  static let patterns = [
    "*", "1:2.6*", "1:2.6.?-4", "*-4", "1*2*4", "1:2.[5-6].2-4", "[0-9]:*", "1[", "1[:]2*", "[]:1]*", "[1-]:2.6.2-4",
    "1:2.6.2-4", "2.6*", "", "1:2.6.2-4?", "**", "?",
  ]
  static let versions = ["1:2.6.2-4", "1:2.6.1-1", "1:2.6.2-4+deb12u1", "2.6.2-4", "1[", "", "-", "~"]

  @Test("match the whole version")
  func whole() {
    #expect(PackageVersionPattern("1:2.6*").matches("1:2.6.2-4"))
    #expect(!PackageVersionPattern("2.6*").matches("1:2.6.2-4"))
    #expect(!PackageVersionPattern("1:2.6").matches("1:2.6.2-4"))
    #expect(PackageVersionPattern("1:2.[5-6].?-4").matches("1:2.6.2-4"))
  }

  @Test("match as the shell's case does, as the probe relies on it", arguments: patterns)
  func shell(_ pattern: String) throws {
    for version in Self.versions {
      let script = "case $1 in $2) exit 0 ;; esac; exit 1"
      let isMatch = try run("/bin/sh", ["-c", script, "sh", version, pattern]) == 0
      #expect(PackageVersionPattern(pattern).matches(version) == isMatch, "\(version) in \(pattern)")
    }
  }

  @Test("with many stars do not take forever")
  func manyStars() {
    let pattern = PackageVersionPattern(String(repeating: "a*", count: 2000) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 4000)))
  }
}

/// Runs a program of the system with the C locale; returns its exit status.
private func run(_ path: String, _ arguments: [String]) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.environment = ["LC_ALL": "C"]
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}
