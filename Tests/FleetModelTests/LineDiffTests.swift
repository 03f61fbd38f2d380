import Testing

@testable import FleetModel

@Suite("unified diffs")
struct LineDiffTests {
  @Test("equal texts have none")
  func equal() {
    #expect(LineDiff.unified(from: "", to: "").isEmpty)
    #expect(LineDiff.unified(from: "a\nb\n", to: "a\nb\n").isEmpty)
  }

  @Test("a changed line stands between two lines of context")
  func context() {
    #expect(
      LineDiff.unified(from: "1\n2\n3\n4\n5\n6\n7\n", to: "1\n2\n3\nfour\n5\n6\n7\n")
        == [" 2", " 3", "-4", "+four", " 5", " 6"]
    )
  }

  @Test("hunks that are apart are separated")
  func hunks() {
    let before = (1...12).map { "\($0)\n" }.joined()
    let after = before.replacing("1\n2\n", with: "one\n2\n", maxReplacements: 1).replacing("12\n", with: "twelve\n")
    #expect(
      LineDiff.unified(from: before, to: after)
        == ["-1", "+one", " 2", " 3", "@@", " 10", " 11", "-12", "+twelve"]
    )
  }

  @Test("a text that appears or disappears is all plus or all minus")
  func whole() {
    #expect(LineDiff.unified(from: "", to: "a\n\nb\n") == ["+a", "+", "+b"])
    #expect(LineDiff.unified(from: "a\nb\n", to: "") == ["-a", "-b"])
  }

  @Test("a missing line break at the end is a difference, as for diff(1)")
  func lastLineBreak() {
    #expect(LineDiff.unified(from: "a", to: "a\n") == ["-a", "\\ no newline at the end", "+a"])
    #expect(LineDiff.unified(from: "a\n", to: "b") == ["-a", "+b", "\\ no newline at the end"])
  }

  @Test("carriage returns belong to their line")
  func carriageReturns() {
    #expect(LineDiff.unified(from: "a\r\nb\r\nc\r\n", to: "a\r\nB\r\nc\r\n") == [" a\r", "-b\r", "+B\r", " c\r"])
  }

  @Test("unusual line separators neither break a line nor hide one")
  func separators() {
    #expect(LineDiff.unified(from: "a\u{2028}\n", to: "a\n") == ["-a\u{2028}", "+a"])
    #expect(LineDiff.unified(from: "\u{301}\n", to: "\u{301}\nb\n") == [" \u{301}", "+b"])
  }

  @Test("a long diff is cut, and the rest counted")
  func limit() {
    let diff = LineDiff.unified(from: "", to: String(repeating: "x\n", count: 250), limit: 200)
    #expect(diff.count == 201)
    #expect(diff.last == "@@ and 50 more lines")
  }

  @Test("texts of very many lines are not compared")
  func tooMany() {
    let diff = LineDiff.unified(from: "a\n", to: String(repeating: "\n", count: 100_000))
    #expect(diff == ["@@ 1 lines become 100000: too many to compare"])
  }
}
