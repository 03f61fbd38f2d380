import Testing
import YAMLSource

@Suite("emitter")
struct EmitterTests {
  @Test("nodes become block-style YAML")
  func blockStyle() {
    let tree = node([
      "name": node("pi1"),
      "tls-san": node([node("k3s.lan"), node("10.0.0.1")]),
      "empty": node([node([]), node([:])]),
      "nested": node([node([node("a"), node("b")]), node(["x": node(.int(1)), "w": node(["z": node(.bool(true))])])]),
      "nothing": node(.null),
      "content": node("[Journal]\nSystemMaxUse=200M\n"),
    ])
    #expect(
      YAMLEmitter.emit(tree) == """
        name: pi1
        tls-san:
          - k3s.lan
          - "10.0.0.1"
        empty:
          - []
          - {}
        nested:
          - - a
            - b
          - x: 1
            w:
              z: true
        nothing: null
        content: |
          [Journal]
          SystemMaxUse=200M

        """
    )
  }

  @Test(
    "a document may be a single value or an empty collection",
    arguments: [
      (node("text"), "text\n"), (node([]), "[]\n"), (node([:]), "{}\n"), (node(.null), "null\n"), (node(""), "\"\"\n"),
      (node("a\nb"), "|-\n  a\n  b\n"),
    ]
  )
  func roots(tree: YAMLNode, expected: String) {
    #expect(YAMLEmitter.emit(tree) == expected)
  }

  @Test(
    "text that no reader can mistake stays plain",
    arguments: [
      "traefik", "kubelet-arg", "v1.33.4+k3s1", "/etc/rancher/k3s", "system-reserved=memory=256Mi", "a b", "user@host",
      "Sat", "_x",
    ]
  )
  func plain(text: String) {
    #expect(YAMLEmitter.emit(node(text)) == "\(text)\n")
  }

  @Test("text that a reader of YAML 1.1 or 1.2 could mistake is quoted", arguments: mistakable)
  func quoted(text: String) throws {
    let emitted = YAMLEmitter.emit(node(text))
    #expect(emitted.hasPrefix("\""))
    #expect(try document(emitted).string == text)
    let asKey = YAMLEmitter.emit(node([text: node("v")]))
    #expect(asKey.hasPrefix("\""))
    #expect(try document(asKey).mapping?[text]?.string == "v")
  }

  @Test(
    "multi-line text is a literal block when that is faithful",
    arguments: [
      ("a\nb\n", "k: |\n  a\n  b\n"), ("a\nb", "k: |-\n  a\n  b\n"), ("a\n\n\n", "k: |+\n  a\n\n\n"),
      ("a\n\n  b\n\tc\n", "k: |\n  a\n\n    b\n  \tc\n"), ("--- a\n# b\n", "k: |\n  --- a\n  # b\n"),
      ("a \nb\n", "k: |\n  a \n  b\n"),
      (" a\nb", "k: \" a\\nb\"\n"), ("\na", "k: \"\\na\"\n"), ("a\n \nb", "k: \"a\\n \\nb\"\n"),
      ("a\r\nb\n", "k: \"a\\r\\nb\\n\"\n"), ("a\n\u{85}", "k: \"a\\n\\x85\"\n"), ("\n", "k: \"\\n\"\n"),
      ("a\n\u{FEFF}b\n", "k: \"a\\n\\ufeffb\\n\"\n"),
    ]
  )
  func multiLine(text: String, expected: String) throws {
    let emitted = YAMLEmitter.emit(node(["k": node(text)]))
    #expect(emitted == expected)
    #expect(try document(emitted).mapping?["k"]?.string.map { Array($0.utf8) } == Array(text.utf8))
  }

  @Test(
    "numbers are written so that both versions read them",
    arguments: [
      ("0644", "644\n"), ("0x1F", "31\n"), ("+7", "7\n"), ("1e16", "1.0e+16\n"), ("1e-7", "1.0e-07\n"), ("1.", "1.0\n"),
      ("1.5e300", "1.5e+300\n"), (".5", "0.5\n"), ("-.INF", "-.inf\n"), (".Inf", ".inf\n"), (".NaN", ".nan\n"),
      ("-0.0", "-0.0\n"),
    ]
  )
  func numbers(text: String, expected: String) throws {
    #expect(YAMLEmitter.emit(try document(text)) == expected)
  }

  @Test("a key longer than a simple key may be is read back", arguments: [1000, 1025, 5000])
  func longKey(length: Int) throws {
    let key = String(repeating: "k", count: length)
    let tree = node(["a": node([node([key: node(["x": node("y")])]), node([key: node("z")])])])
    #expect(try document(YAMLEmitter.emit(tree)).hasSameContent(as: tree))
  }

  @Test("random trees are read back as they were, and emitted the same again", arguments: 0..<200)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let tree = randomTree(using: &random)
    let emitted = YAMLEmitter.emit(tree)
    let again = try document(emitted)
    #expect(again.hasSameContent(as: tree), "\(emitted)")
    #expect(YAMLEmitter.emit(again) == emitted)
  }
}

/// Strings that some reader takes for another value, or for syntax.
let mistakable = [
  "", " ", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "yes", "Yes", "YES", "no", "No", "NO", "on",
  "On", "ON",
  "off", "Off", "OFF", "y", "Y", "n", "N", "0644", "0o644", "0x1F", "0b11", "1_000", "12", "-12", "+12", "1e3", "1.5",
  ".5", "1.",
  "12e03", "1:30", "190:20:30", "190:20:30.15", ".inf", "-.INF", "+.inf", ".nan", ".NaN", "inf", "nan", "2024-01-01",
  "2024-01-01T00:00:00Z", "=", "<<", "-", "- a", "--", "---", "...", "?", "? a", ":", "a:", "a: b", ":a", "a #b", "#a",
  "&a", "*a", "!a",
  "!!str", "|", ">", "'a'", "\"a\"", "%a", "@a", "`a`", "[a]", "{a}", "a, [b]", ",", "a ", " a", "\t", "a\tb",
  "\u{FEFF}a", "\u{A0}",
  "Küche", "日本", "🍓", "\0", "\u{1B}[2J", "\u{202E}", "\u{85}", "\u{2028}", "\u{FFFE}", "\\", "\"", "C:\\x",
  "192.168.1.11", "::1",
]

/// A tree of what an inventory might hold and of what it should not.
func randomTree(using random: inout SplitMix64, depth: Int = 0) -> YAMLNode {
  switch Int.random(in: 0..<(depth < 4 ? 10 : 6), using: &random) {
  case 0: return node(randomScalar(using: &random))
  case 1...5: return node(randomText(using: &random))
  case 6, 7:
    return node((0..<Int.random(in: 0..<4, using: &random)).map { _ in randomTree(using: &random, depth: depth + 1) })
  default:
    let entries = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
      let key = randomText(using: &random)
      return YAMLMapping.Entry(key: key, keyNode: node(key), value: randomTree(using: &random, depth: depth + 1))
    }
    return YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: somewhere)
  }
}

private func randomScalar(using random: inout SplitMix64) -> YAMLScalar {
  switch Int.random(in: 0..<4, using: &random) {
  case 0: return .null
  case 1: return .bool(Bool.random(using: &random))
  case 2: return .int(Int64(bitPattern: random.next()))
  default:
    let value = Double.random(in: -1...1, using: &random) * [1, 1e-9, 1e9, 1e200].randomElement(using: &random, or: 1)
    return YAMLScalar(text: "\(value)", style: .plain, resolved: .float(value))
  }
}

private func randomText(using random: inout SplitMix64) -> String {
  if Bool.random(using: &random) { return mistakable.randomElement(using: &random, or: "") }
  let pieces = [
    "a", "b c", "\n", "\n", " ", "\t", ": ", "#", "-", "\"", "\\", "é", "x: y", "\r\n", "---", "1", "{", "'",
    "\u{2029}", "🍓",
  ]
  return (0..<Int.random(in: 1..<8, using: &random)).map { _ in pieces.randomElement(using: &random, or: "") }.joined()
}

extension Array {
  fileprivate func randomElement(using random: inout SplitMix64, or fallback: Element) -> Element {
    randomElement(using: &random) ?? fallback
  }
}
