import Testing
import YAMLSource

@Suite("caret snippets")
struct CaretSnippetTests {
  private func snippet(_ text: String, line: Int = 1, column: Int) -> String {
    let source = YAMLSourceFile(name: "f.yaml", bytes: Array(text.utf8))
    return CaretSnippet(mark: source.mark(line: line, column: column), problem: "wrong").description
  }

  @Test("the caret stands below the character, whatever stands before it")
  func alignment() {
    #expect(snippet("a: b", column: 4) == "f.yaml:1:4: wrong\n  a: b\n     ^")
    #expect(snippet("\ta:\tb", column: 5) == "f.yaml:1:5: wrong\n  \ta:\tb\n  \t  \t^")
    #expect(snippet("日本: b", column: 5) == "f.yaml:1:5: wrong\n  日本: b\n        ^")
    #expect(snippet("e\u{301}: b", column: 5) == "f.yaml:1:5: wrong\n  e\u{301}: b\n     ^")
    #expect(snippet("Küche: b", column: 8) == "f.yaml:1:8: wrong\n  Küche: b\n         ^")
  }

  @Test("the caret may stand behind the line")
  func behindTheLine() {
    #expect(snippet("a:\nb", column: 3) == "f.yaml:1:3: wrong\n  a:\n    ^")
  }

  @Test("what could act on a terminal or hide is escaped, and the caret moves along")
  func escapes() {
    #expect(snippet("\u{1B}[2J x", column: 6) == "f.yaml:1:6: wrong\n  \\x1b[2J x\n          ^")
    #expect(snippet("a\u{202E}b\u{A0}c", column: 5) == "f.yaml:1:5: wrong\n  a\\u202eb\\xa0c\n              ^")
    #expect(snippet("\u{E0001}x", column: 2) == "f.yaml:1:2: wrong\n  \\U000e0001x\n            ^")
  }

  @Test("an empty line is not shown")
  func emptyLine() {
    #expect(snippet("a\n\n", line: 2, column: 1) == "f.yaml:2:1: wrong")
    #expect(snippet("", column: 1) == "f.yaml:1:1: wrong")
  }

  @Test("a long line is cut to a window around the caret")
  func longLine() {
    let line = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
    let left = String(repeating: "a", count: 60)
    let right = String(repeating: "b", count: 39)
    #expect(
      snippet(line, column: 501)
        == "f.yaml:1:501: wrong\n  …\(left)X\(right)…\n   \(String(repeating: " ", count: 60))^"
    )
    #expect(snippet(line, column: 1) == "f.yaml:1:1: wrong\n  \(String(repeating: "a", count: 100))…\n  ^")
    #expect(
      snippet(line, column: 1002)
        == "f.yaml:1:1002: wrong\n  …\(String(repeating: "b", count: 100))\n   \(String(repeating: " ", count: 100))^"
    )
  }

  @Test("quoted text from outside stays on one line and short")
  func quoted() {
    #expect(SafeText.quoted("a\"b\\c\n\u{1B}") == "\"a\\\"b\\\\c\\n\\x1b\"")
    #expect(SafeText.quoted("abcdef", limit: 6) == "\"abcdef\"")
    #expect(SafeText.quoted("abcdefg", limit: 6) == "\"abcdef…\"")
  }
}
