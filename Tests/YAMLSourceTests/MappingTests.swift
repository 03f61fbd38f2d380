import Testing
import YAMLSource

@Suite("mappings, anchors and merge keys")
struct MappingTests {
  @Test("keys keep their order")
  func order() throws {
    #expect(
      try document("b: 1\na: 2\n1: 3\ntrue: 4\n~: 5\n'': 6\n").mapping?.entries.map(\.key) == [
        "b", "a", "1", "true", "~", "",
      ]
    )
  }

  @Test("a duplicate key is an error at the second that names the line of the first")
  func duplicateKey() {
    #expect(
      failure(of: "name: a\nspec:\n  x: 1\nname: b\n") == """
        test.yaml:4:1: duplicate key "name", first on line 1
          name: b
          ^
        """
    )
  }

  @Test(
    "keys that differ in style only are duplicates",
    arguments: ["{a: 1, 'a': 2}", "{1: a, \"1\": b}", "{<<: {a: 1}, <<: {b: 1}}"]
  )
  func duplicateAcrossStyles(text: String) throws {
    #expect(try #require(failure(of: text)).contains("duplicate key"))
  }

  @Test(
    "a key must be a single value",
    arguments: [
      ("[a]: 1", "test.yaml:1:1: a key must be a single value, found a list\n  [a]: 1\n  ^"),
      ("? {a: 1}\n: 2", "test.yaml:1:3: a key must be a single value, found a mapping\n  ? {a: 1}\n    ^"),
      ("? \n: 2", "test.yaml:1:2: a key is missing before \":\"\n  ? \n   ^"),
      ("x: {? : 2}", "test.yaml:1:7: a key is missing before \":\"\n  x: {? : 2}\n        ^"),
    ]
  )
  func keysAreScalars(text: String, expected: String) {
    #expect(failure(of: text) == expected)
  }

  @Test("an alias stands for its node: marked where it is used, its content where it is written")
  func alias() throws {
    let root = try document("base: &base {a: [1]}\ncopy: *base\nkey: &k name\n*k : x\n")
    let copy = try #require(root.mapping?["copy"])
    #expect(copy.mapping?["a"]?.sequence?.first?.int == 1)
    #expect(copy.mark.description == "test.yaml:2:7")
    #expect(copy.mapping?["a"]?.mark.description == "test.yaml:1:17")
    #expect(root.mapping?["name"]?.string == "x")
  }

  @Test("the last anchor of a name counts, even inside its namesake")
  func redefinedAnchor() throws {
    #expect(try document("[&a 1, *a, &a 2, *a]").sequence?.map(\.int) == [1, 1, 2, 2])
    let nested = try #require(try document("x: &a {y: &a 1, z: *a}\nw: *a\n").mapping)
    #expect(nested["x"]?.mapping?["z"]?.int == 1)
    #expect(nested["w"]?.int == 1)
  }

  @Test("anchors end with their document")
  func anchorScope() {
    #expect(
      failure(of: "a: &x 1\n---\nb: *x\n")
        == "test.yaml:3:4: unknown alias \"x\": no anchor of that name stands before it\n  b: *x\n     ^"
    )
  }

  @Test("a recursive alias is an error", arguments: ["a: &x [*x]", "a: &x {b: {c: *x}}", "a: &x {<<: *x}"])
  func recursiveAlias(text: String) throws {
    #expect(
      try #require(failure(of: text)).contains("recursive alias \"x\": it lies inside its own anchor of line 1")
    )
  }

  @Test("own keys win over merged ones, and earlier mappings over later ones")
  func merge() throws {
    let text = """
      - &one {a: 1, b: 1}
      - &two {b: 2, c: 2}
      - {d: 0, <<: [*one, *two], a: 0}
      - <<: *two
        e: 0
      - <<: {f: 1}
      - {<<: []}
      """
    let items = try #require(try document(text).sequence)
    #expect(items[2].mapping?.entries.map(\.key) == ["d", "a", "b", "c"])
    #expect(items[2].mapping?.entries.map(\.value.int) == [0, 0, 1, 2])
    #expect(items[2].mapping?["c"]?.mark.description == "test.yaml:2:18")
    #expect(items[3].mapping?.entries.map(\.key) == ["e", "b", "c"])
    #expect(items[4].mapping?["f"]?.int == 1)
    #expect(items[5].mapping?.entries.isEmpty == true)
  }

  @Test("a quoted or tagged << is an ordinary key", arguments: ["{'<<': x}", "{\"<<\": x}", "{!!str <<: x}"])
  func quotedMergeKey(text: String) throws {
    #expect(try document(text).mapping?["<<"]?.string == "x")
  }

  @Test(
    "only mappings can be merged",
    arguments: [
      ("<<: a", "test.yaml:1:5: \"<<\" merges a mapping or a list of mappings, found a string\n  <<: a\n      ^"),
      (
        "<<: [{}, 1]",
        "test.yaml:1:10: \"<<\" merges a mapping or a list of mappings, found an integer\n  <<: [{}, 1]\n           ^"
      ),
      (
        "<<: {}\n<<: {}",
        "test.yaml:2:1: duplicate key \"<<\", first on line 1: merge a list of mappings instead\n  <<: {}\n  ^"
      ),
    ]
  )
  func mergeErrors(text: String, expected: String) {
    #expect(failure(of: text) == expected)
  }
}
