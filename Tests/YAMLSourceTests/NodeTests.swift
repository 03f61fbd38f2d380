import Testing
import YAMLSource

@Suite("nodes")
struct NodeTests {
  @Test("a node says what it is")
  func kinds() throws {
    let items = try #require(try document("[~, true, 1, 1.5, a, '1', [], {}]").sequence)
    #expect(
      items.map(\.kindDescription) == [
        "null", "a boolean", "an integer", "a number", "a string", "a string", "a list", "a mapping",
      ]
    )
  }

  @Test("an accessor of another kind finds nothing")
  func accessors() throws {
    let items = try #require(try document("[~, true, 1, a, [], {}]").sequence)
    #expect(items.map(\.isNull) == [true, false, false, false, false, false])
    #expect(items.map(\.bool) == [nil, true, nil, nil, nil, nil])
    #expect(items.map(\.int) == [nil, nil, 1, nil, nil, nil])
    #expect(items.map(\.string) == [nil, nil, nil, "a", nil, nil])
    #expect(items.map { $0.sequence != nil } == [false, false, false, false, true, false])
    #expect(items.map { $0.mapping != nil } == [false, false, false, false, false, true])
    #expect(items.map { $0.scalar != nil } == [true, true, true, true, false, false])
  }

  @Test("content is compared without style, place and order of keys")
  func sameContent() throws {
    let left = try document("a: [1, 'x', 0x10, .nan]\nb: true\n")
    let right = try document("# moved\n\nb: True\na:\n- 1\n- x\n- 16\n- .NaN\n")
    #expect(left.hasSameContent(as: right))
  }

  @Test(
    "different content is different",
    arguments: [
      ("1", "'1'"), ("1", "1.0"), ("a", "b"), ("[a, b]", "[b, a]"), ("[a]", "[a, a]"), ("{a: 1}", "{a: 2}"),
      ("{a: 1}", "{a: 1, b: 1}"), ("{a: 1}", "{b: 1}"), ("[]", "{}"), ("~", "''"), ("\"\\xE9\"", "\"e\\u0301\""),
    ]
  )
  func differentContent(left: String, right: String) throws {
    #expect(try !document(left).hasSameContent(as: document(right)))
    #expect(try !document(right).hasSameContent(as: document(left)))
  }

  @Test("a mapping that code builds keeps the first of equal keys")
  func firstEntryWins() {
    let mapping = node(["a": node("1"), "b": node("2"), "a": node("3")]).mapping
    #expect(mapping?.entries.map(\.key) == ["a", "b"])
    #expect(mapping?["a"]?.string == "1")
  }
}
