import Testing

@testable import FleetModel

@Suite("the diff of an object is the server's own")
struct ObjectDiffTests {
  private func fields(_ live: String, _ result: String, isSecret: Bool = false) throws -> [ObjectField] {
    ObjectDiff.fields(
      from: try JSONText(parsing: Array(live.utf8)), to: try JSONText(parsing: Array(result.utf8)), isSecret: isSecret)
  }

  @Test("what servers and other tools write about an object is no difference")
  func bookkeeping() throws {
    let live = #"""
      {"metadata":{"name":"a","uid":"1","resourceVersion":"5","generation":2,"creationTimestamp":"x","managedFields":[1],
      "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"}},"status":{"phase":"Active"}}
      """#
    let result = #"{"metadata":{"name":"a","uid":"1","resourceVersion":"6","generation":3},"status":{}}"#
    #expect(try fields(live, result) == [])
  }

  @Test("values are named by their path, containers by their name")
  func paths() throws {
    let live =
      #"{"spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"web","image":"a:1"},{"name":"x"}]}}}}"#
    let result = #"{"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"web","image":"a:2"}]}}}}"#
    let found = try fields(live, result)
    #expect(found.map(\.path) == ["replicas", "template.spec.containers[web].image", "template.spec.containers[x]"])
    #expect(found[0] == ObjectField("replicas", from: .text("1"), to: .text("2")))
    #expect(found[2] == ObjectField("template.spec.containers[x]", from: .text(#"{"name":"x"}"#), to: .none))
  }

  @Test("numbers that are the same, lists without names, labels with dots")
  func values() throws {
    #expect(try fields(#"{"a":1}"#, #"{"a":1.0}"#) == [])
    #expect(try fields(#"{"a":[1,2]}"#, #"{"a":[1,3,4]}"#).map(\.path) == ["a[1]", "a[2]"])
    #expect(
      try fields(#"{"metadata":{"labels":{}}}"#, #"{"metadata":{"labels":{"a.b/c":"d"}}}"#).map(\.path)
        == ["metadata.labels[a.b/c]"])
    #expect(
      try fields(#"{"a":[{"name":"x"},{"name":"y"}]}"#, #"{"a":[{"name":"y"},{"name":"x"}]}"#).map(\.path) == ["a"])
  }

  @Test("texts of several lines are compared line by line")
  func lines() throws {
    let found = try fields(#"{"data":{"f":"a\nb\nc\n"}}"#, #"{"data":{"f":"a\nB\nc\n"}}"#)
    #expect(found == [ObjectField("data.f", from: .none, to: .none, lines: [" a", "-b", "+B", " c"])])
  }

  @Test("a Secret's data are lengths, and its other fields are not hidden")
  func secret() throws {
    let found = try fields(
      #"{"data":{"a":"eA=="},"type":"x"}"#, #"{"data":{"a":"eHk=","b":"eA=="},"type":"y"}"#, isSecret: true)
    #expect(
      found == [
        ObjectField("data.a", from: .text("(secret, 1 byte)"), to: .text("(secret, 2 bytes)")),
        ObjectField("data.b", from: .none, to: .text("(secret, 1 byte)")),
        ObjectField("type", from: .text("x"), to: .text("y")),
      ])
  }
}

@Suite("JSON that a server wrote")
struct JSONTextParsingTests {
  @Test(
    "is read as it was written",
    arguments: [#"{"a":[1,-2,3.5,true,false,null,"x"],"b":{}}"#, "[]", "\"ü\"", "1e3", "0"])
  func values(_ text: String) throws {
    let value = try JSONText(parsing: Array(text.utf8))
    #expect(try JSONText(parsing: Array(value.compact.utf8)) == value)
  }

  @Test("escapes, also of characters beyond the first plane")
  func escapes() throws {
    let text = #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud800""#
    #expect(try JSONText(parsing: Array(text.utf8)) == .string("\"\\/\u{8}\u{C}\n\r\té😀\u{FFFD}"))
  }

  @Test(
    "what is no JSON is an error",
    arguments: [
      "", "{", "[1", "{\"a\"}", "{\"a\":}", "[1,]", "{,}", "nul", "\"a", "\"\u{1}\"", "1 2", "+", "\"\\x\"",
      "\"\\u12\"",
      String(repeating: "[", count: 300),
    ])
  func wrong(_ text: String) { #expect(throws: JSONText.ParseError.self) { try JSONText(parsing: Array(text.utf8)) } }

  @Test("members are set and taken away along a path")
  func setting() throws {
    let object = try JSONText(parsing: Array(#"{"a":{"b":1},"c":2}"#.utf8))
    #expect(object.setting(["a", "b"], to: nil).compact == #"{"a":{},"c":2}"#)
    #expect(object.setting(["x", "y"], to: .null).compact == #"{"a":{"b":1},"c":2,"x":{"y":null}}"#)
    #expect(object.setting(["x", "y"], to: nil) == object)
  }
}

@Suite("patterns of paths")
struct GlobPatternTests {
  @Test(
    "match as in .gitignore",
    arguments: [
      ("**/*.age", "a.age", true), ("**/*.age", "cluster/x/a.age", true), ("**/*.age", "a.agex", false),
      ("*.age", "x/a.age", false), ("cluster/**", "cluster/a/b", true), ("cluster/**", "other/a", false),
      ("a?c/*", "abc/d", true), ("a*b*c", "aXbYc", true), ("a*b*c", "aXbY", false), ("**", "a/b", true),
    ])
  func matching(pattern: String, path: String, matches: Bool) {
    #expect(GlobPattern(pattern).matches(path) == matches)
  }

  @Test("a pattern that tries everything ends soon")
  func hostile() {
    let pattern = GlobPattern(String(repeating: "*a", count: 60) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 4000)))
  }
}
