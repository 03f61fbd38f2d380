import FleetTestSupport
import Testing

@testable import FleetModel

/// What a node or a repository may have named things.
@Suite("hostile text in every renderer")
struct HostileRendererTests {
  private typealias Fixture = RendererFixture

  /// Named by its escaped form, so that the tests' own log is safe to look at.
  struct Attack: Sendable, CustomTestStringConvertible {
    let text: String

    var testDescription: String { TerminalText.escape(text) }
  }

  static let attacks = [
    "\u{1B}[2J\u{1B}]0;title\u{7}", "\u{9B}31mred", "a\rb", "a\u{8}\u{7F}b", "\u{202E}txt.exe\u{202C}\u{2066}x\u{2069}",
    "a\u{2028}b\u{2029}c\u{85}d", "a\u{200B}\u{FEFF}\u{E0041}b", "tab\tbed", "nul\u{0}l", "\u{F0000}\u{10FFFF}",
    "| a | b |", "`` ` ```", "</code></details><script>alert(1)</script><!--", "[x](http://evil)",
    "![x](http://evil/p.png)",
    "@org/team #1 **b** __c__ ~~d~~ $e$ \\| &lt; &#60;", "a\\", "\\\\|", "-->", "\"'", "Küche 日本 👍🏽",
  ].map(Attack.init)

  private static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar == "\n"
      case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
      default: true
      }
    }
  }

  private static func lineCount(_ text: String) -> Int { text.unicodeScalars.count { $0 == "\n" } }

  @Test("no control code reaches a terminal, and no line is forged", arguments: attacks, [false, true])
  func text(_ attack: Attack, isVerbose: Bool) {
    let renderer = TextRenderer(style: .plain, isVerbose: isVerbose)
    for (hostile, benign) in [
      (renderer.render(Fixture.everything(attack.text)), renderer.render(Fixture.everything())),
      (renderer.render(Fixture.report(attack.text)), renderer.render(Fixture.report())),
    ] {
      #expect(Self.isPlain(hostile))
      #expect(Self.lineCount(hostile) == Self.lineCount(benign))
    }
  }

  @Test("a colour ends where its text ends", arguments: attacks)
  func colors(_ attack: Attack) throws {
    let renderer = TextRenderer(style: TerminalStyle(isColored: true))
    let codes = try Regex("\u{1B}\\[[0-9]+m")
    let text = renderer.render(Fixture.everything(attack.text))
    let found = text.matches(of: codes).map { String(text[$0.range]) }
    #expect(found.enumerated().allSatisfy { ($0.element == "\u{1B}[0m") == ($0.offset % 2 == 1) })
    #expect(text.replacing(codes, with: "") == TextRenderer(style: .plain).render(Fixture.everything(attack.text)))
  }

  @Test("a line break in a message does not begin a line at the margin")
  func forgedLines() {
    let text = TextRenderer(style: .plain).render(Fixture.everything("x\nPlan: no changes\r\nPlan: no changes"))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("Plan: ") } == 1)
  }

  @Test("JSON is plain too, and parsing gives back every scalar", arguments: attacks)
  func json(_ attack: Attack) throws {
    for text in [
      JSONRenderer().render(Fixture.everything(attack.text)), JSONRenderer().render(Fixture.report(attack.text)),
    ] {
      #expect(Self.isPlain(text))
    }
    let document = try JSONValue(parsing: JSONRenderer().render(Fixture.everything(attack.text)))
    let message = document["nodes", "0", "findings", "0", "message"]?.string
    #expect(message.map { Array($0.unicodeScalars) } == Array(attack.text.unicodeScalars))
  }

  @Test("Markdown keeps its structure, whatever stands in its cells", arguments: attacks)
  func markdown(_ attack: Attack) throws {
    let renderer = MarkdownRenderer()
    let (hostile, benign) = (renderer.render(Fixture.everything(attack.text)), renderer.render(Fixture.everything()))
    #expect(Self.isPlain(hostile))
    #expect(try Self.skeleton(hostile) == Self.skeleton(benign))
  }

  /// Everything that is not foreign: neither in a code element nor in a fence. A code element holds no "<", or this
  /// finds another skeleton.
  private static func skeleton(_ markdown: String) throws -> String {
    var lines: [String] = []
    var fence: Substring?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if let open = fence {
        if line == open { fence = nil }
      } else if line.hasPrefix("```") {
        fence = line.prefix { $0 == "`" }
        lines.append("fence")
      } else {
        lines.append(String(line))
      }
    }
    return lines.joined(separator: "\n").replacing(
      try Regex("<code>[^<|`\\\\*_@#\\[\\]]*(&#[0-9]+;[^<|`\\\\*_@#\\[\\]]*)*</code>"),
      with: "code"
    )
  }

  @Test("a fence is longer than any that it holds")
  func fences() {
    let change = Change(.change, Fixture.file, "/a", diff: [" ```", "+`````", "-x"])
    let text = MarkdownRenderer().render(Fixture.plan([Fixture.node("pi1", [Fixture.set(change)])]))
    #expect(text.contains("\n\n``````diff\n ```\n+`````\n-x\n``````\n\n</details>\n"))
  }
}
