import Testing
import YAMLSource

@Suite("limits")
struct LimitTests {
  @Test("a file may be as large as the limit and no larger")
  func bytes() throws {
    let limits = YAMLLimits(maximumBytes: 8)
    #expect(try documents("a: 12345", limits: limits).count == 1)
    #expect(
      failure(of: "a: 123456", limits: limits)
        == "test.yaml:1:1: the file has 9 bytes, more than the limit of 8\n  a: 12345\n  ^"
    )
  }

  @Test("collections may nest as deep as the limit and no deeper", arguments: [("[", "]"), ("{a: ", "}")])
  func depth(opening: String, closing: String) throws {
    func nested(_ depth: Int) -> String {
      String(repeating: opening, count: depth) + String(repeating: closing, count: depth)
    }
    #expect(try documents(nested(64)).count == 1)
    #expect(try #require(failure(of: nested(65))).contains(": nested deeper than the limit of 64 levels\n"))
  }

  @Test("the deepest document that can be asked for can be walked and read back")
  func deepest() throws {
    let limits = YAMLLimits(maximumDepth: .max)
    #expect(limits.maximumDepth == 512)
    let text = String(repeating: "{a: [", count: 256) + String(repeating: "]}", count: 256)
    let root = try #require(try documents(text, limits: limits).first)
    let again = try #require(try documents(YAMLEmitter.emit(root), limits: limits).first)
    #expect(again.hasSameContent(as: root))
    #expect(
      try #require(failure(of: "[\(text)]", limits: limits)).contains("nested deeper than the limit of 512 levels")
    )
  }

  @Test("an alias cannot nest deeper than the limit either")
  func depthThroughAliases() throws {
    let limits = YAMLLimits(maximumDepth: 4)
    #expect(try documents("[&a [[x]], [*a]]", limits: limits).count == 1)
    #expect(
      failure(of: "[&a [[x]], [[*a]]]", limits: limits)
        == "test.yaml:1:14: nested deeper than the limit of 4 levels\n  [&a [[x]], [[*a]]]\n               ^"
    )
  }

  @Test("all documents together may have as many nodes as the limit and no more")
  func nodes() throws {
    let limits = YAMLLimits(maximumNodes: 5)
    #expect(try documents("{a: 1}\n---\n[b]\n", limits: limits).count == 2)
    #expect(
      failure(of: "{a: 1}\n---\n[b, c]\n", limits: limits)
        == "test.yaml:3:5: the file has more than the limit of 5 nodes: split it\n  [b, c]\n      ^"
    )
  }

  @Test("a billion laughs end as an error that says so")
  func billionLaughs() {
    let lines = (1...30).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]" }
    #expect(
      failure(of: "a0: &a0 lol\n" + lines.joined(separator: "\n")) == """
        test.yaml:7:10: alias "a5" expands the file to more than the limit of 100000 nodes
          a6: &a6 [*a5,*a5,*a5,*a5,*a5,*a5,*a5,*a5,*a5]
                   ^
        """
    )
  }

  @Test("merging a billion laughs is bounded too")
  func mergedLaughs() throws {
    let lines = (1...30).map {
      "a\($0): &a\($0)\n  <<: [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]"
    }
    let shown = try #require(failure(of: "a0: &a0 {x: 1}\n" + lines.joined(separator: "\n")))
    #expect(shown.contains("expands the file to more than the limit of 100000 nodes"))
  }

  @Test(
    "a long run of one construct returns or fails, and does not hang",
    .timeLimit(.minutes(5)),
    arguments: [
      "[", "{", "[\n", "- ", "? ", ": ", "{a: ", "[{", "&a ", "!!str ", "*a ", "a: &a [*a]\n", "%TAG !a! b\n",
      "%YAML 1.2\n", "%TAG",
      "---\n", "...\n", "\"", "'", "\\", "|\n", "> ", "#", "\n", "\t", " ", "\r", "9", "0x", ".", "a,", "a: ",
      "- - a\n", "\u{FEFF}", "é",
      "\0", "<<: *a\n", "<<", "\n  - [a, {b: c}]", "&a [*a]", "\"\\x41\"", "?\n",
      "- ? : ", "!\n", "-\n",
    ]
  )
  func longRun(construct: String) {
    let unit = Array(construct.utf8)
    let bytes = Array(repeatElement(unit, count: (1 << 16) / unit.count).joined())
    for prefix in ["", "a: [", "a: \"", "a: |\n  "] {
      let shown = failure(of: Array(prefix.utf8) + bytes) ?? ""
      #expect(shown.utf8.count < 2000)
    }
  }

  @Test("a mapping of very many keys is found through and compared", .timeLimit(.minutes(5)))
  func manyKeys() throws {
    let text = (0..<40_000).map { "key\($0): \($0)\n" }.joined()
    let mapping = try #require(try document(text).mapping)
    #expect(mapping.entries.count == 40_000)
    #expect(mapping["key39999"]?.int == 39_999)
    #expect(try document(text).hasSameContent(as: document(text)))
  }
}
