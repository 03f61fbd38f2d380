import Testing
import YAMLSource

@Suite("YAML 1.2 core schema")
struct CoreSchemaTests {
  @Test(
    "plain text resolves by the core schema",
    arguments: [
      ("null", .null), ("Null", .null), ("NULL", .null), ("~", .null), ("nULL", .string), ("none", .string),
      ("true", .bool(true)), ("True", .bool(true)), ("TRUE", .bool(true)),
      ("false", .bool(false)), ("False", .bool(false)), ("FALSE", .bool(false)), ("tRUE", .string),
      ("yes", .string), ("no", .string), ("on", .string), ("off", .string), ("y", .string), ("n", .string),
      ("Yes", .string), ("NO", .string),
      ("0", .int(0)), ("-0", .int(0)), ("12", .int(12)), ("+12", .int(12)), ("-12", .int(-12)), ("0644", .int(644)),
      ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
      ("9223372036854775808", .float(9_223_372_036_854_775_808)),
      ("0o644", .int(420)), ("0o8", .string), ("0o", .string), ("-0o7", .string), ("0o-7", .string), ("0O7", .string),
      ("0x1F", .int(31)), ("0xff", .int(255)), ("0xg", .string), ("0x", .string), ("+0x1", .string), ("0x+1", .string),
      ("0x7FFFFFFFFFFFFFFF", .int(.max)), ("0x8000000000000000", .float(9_223_372_036_854_775_808)),
      ("0b1", .string), ("1_000", .string), ("1:30", .string), ("190:20:30", .string), ("2024-01-01", .string),
      ("1.5", .float(1.5)), ("-1.5", .float(-1.5)), ("+1.5", .float(1.5)), (".5", .float(0.5)), ("-.5", .float(-0.5)),
      ("1.", .float(1)), ("1e3", .float(1000)), ("1E+3", .float(1000)), ("1.5e-3", .float(0.0015)),
      ("1.e2", .float(100)),
      (".", .string), ("+", .string), ("-.", .string), ("1e", .string), ("e3", .string), (".e3", .string),
      ("1.2.3", .string), ("1e3.5", .string), ("0x1p3", .string), ("1e+", .string),
      (".inf", .float(.infinity)), (".Inf", .float(.infinity)), (".INF", .float(.infinity)),
      ("+.inf", .float(.infinity)),
      ("-.inf", .float(-.infinity)), ("inf", .string), ("infinity", .string), (".iNF", .string),
      ("nan", .string), ("-.nan", .string), (".Nan", .string),
      ("=", .string), ("text", .string), ("v1.33.4+k3s1", .string), ("１２", .string),
    ] as [(String, YAMLScalar.Resolved)]
  )
  func plain(text: String, expected: YAMLScalar.Resolved) throws {
    let scalar = try #require(try document("key: \(text)\n").mapping?["key"]?.scalar)
    #expect(scalar.text == text)
    #expect(scalar.resolved == expected)
  }

  @Test(".nan is a float that is no number", arguments: [".nan", ".NaN", ".NAN"])
  func notANumber(text: String) throws {
    guard case .float(let value) = try document(text).scalar?.resolved else {
      Issue.record("\(text) is not a float")
      return
    }
    #expect(value.isNaN)
  }

  @Test("an empty value is null")
  func empty() throws {
    let mapping = try #require(try document("key:\nother: \n").mapping)
    #expect(mapping["key"]?.isNull == true)
    #expect(mapping["other"]?.isNull == true)
    #expect(mapping["third"] == nil)
  }

  @Test(
    "quoted and block text is a string, whatever it says",
    arguments: ["'12'", "\"true\"", "|\n  null", ">-\n  1.5"]
  )
  func quoted(text: String) throws {
    #expect(try document(text).string != nil)
  }

  @Test("the style of a scalar is kept")
  func styles() throws {
    let items = try #require(try document("- a\n- 'a'\n- \"a\"\n- |-\n  a\n- >-\n  a\n").sequence)
    #expect(items.map(\.scalar?.style) == [.plain, .singleQuoted, .doubleQuoted, .literal, .folded])
    #expect(items.allSatisfy { $0.string == "a" })
  }

  @Test("the raw text of an unquoted octal mode stays available")
  func rawText() throws {
    let mode = try #require(try document("mode: 0644").mapping?["mode"])
    #expect(mode.int == 644)
    #expect(mode.scalar?.text == "0644")
  }

  @Test(
    "a core tag decides",
    arguments: [
      ("!!str 12", .string), ("!!str", .string), ("!!str null", .string), ("! 12", .string),
      ("!!int '12'", .int(12)), ("!!int 0x10", .int(16)), ("!!float 1", .float(1)), ("!!float \"1e3\"", .float(1000)),
      ("!!bool \"true\"", .bool(true)), ("!!null ''", .null), ("!!null ~", .null),
      ("!<tag:yaml.org,2002:int> 7", .int(7)),
    ] as [(String, YAMLScalar.Resolved)]
  )
  func tagged(text: String, expected: YAMLScalar.Resolved) throws {
    #expect(try document(text).scalar?.resolved == expected)
  }

  @Test("a tag directive may give the core tags another name")
  func tagDirective() throws {
    #expect(try document("%TAG !c! tag:yaml.org,2002:\n--- !c!str 12\n").string == "12")
  }

  @Test("collections may carry their own tags")
  func taggedCollections() throws {
    #expect(try document("!!map {a: !!seq [1]}").mapping?["a"]?.sequence?.count == 1)
    #expect(try document("! {a: ! [1]}").mapping?["a"]?.sequence?.count == 1)
  }

  @Test(
    "a tag that does not fit is an error",
    arguments: [
      ("!!int abc", "test.yaml:1:1: \"abc\" does not fit its tag !!int\n  !!int abc\n  ^"),
      ("a: !!bool yes", "test.yaml:1:4: \"yes\" does not fit its tag !!bool\n  a: !!bool yes\n     ^"),
      ("!!null 0", "test.yaml:1:1: \"0\" does not fit its tag !!null\n  !!null 0\n  ^"),
      ("!!float x", "test.yaml:1:1: \"x\" does not fit its tag !!float\n  !!float x\n  ^"),
      ("!!map x", "test.yaml:1:1: \"x\" does not fit its tag !!map\n  !!map x\n  ^"),
      ("!!str [a]", "test.yaml:1:1: a list does not fit its tag !!str\n  !!str [a]\n  ^"),
      ("!!seq {a: b}", "test.yaml:1:1: a mapping does not fit its tag !!seq\n  !!seq {a: b}\n  ^"),
    ]
  )
  func misfit(text: String, expected: String) {
    #expect(failure(of: text) == expected)
  }

  @Test(
    "any other tag is an error",
    arguments: ["!secret", "!!python/object", "!!binary", "!!timestamp", "!!set", "!!merge", "!<str>", "!<int>"]
  )
  func unknownTag(tag: String) throws {
    let shown = try #require(failure(of: "key: \(tag) x"))
    #expect(shown.hasPrefix("test.yaml:1:6: unknown tag \""))
    #expect(
      shown.hasSuffix(
        "only !!null, !!bool, !!int, !!float, !!str, !!seq and !!map are known\n  key: \(tag) x\n       ^"
      )
    )
  }
}
