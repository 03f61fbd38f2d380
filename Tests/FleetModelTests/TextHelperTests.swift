import Testing

@testable import FleetModel

@Suite("durations")
struct DurationTextTests {
  @Test(
    "are read as Kubernetes writes them",
    arguments: [("0s", 0), ("90s", 90), ("5m", 300), ("1h30m", 5400), ("1d2h3m4s", 93_784), ("366d", 31_622_400)]
  )
  func reading(_ text: String, _ seconds: Int) {
    #expect(DurationText.parse(text) == .seconds(seconds))
  }

  @Test(
    "that are none are refused",
    arguments: [
      "", "5", "m", "5 m", "-5m", "+5m", "5m5m", "5s1m", "1.5h", "367d", "9999999999s", "٥m", "5m\n", "5ms", "1h30",
    ]
  )
  func refusal(_ text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  @Test(
    "are written in the shortest form", arguments: [(0, "0s"), (3600, "1h"), (5400, "1h30m"), (90_061, "1d1h1m1s")])
  func writing(_ seconds: Int, _ text: String) {
    #expect(DurationText.render(.seconds(seconds)) == text)
  }

  @Test("that are negative or shorter than a second are nothing")
  func nothing() {
    #expect(DurationText.render(.seconds(-5)) == "0s")
    #expect(DurationText.render(.milliseconds(999)) == "0s")
  }
}

@Suite("did you mean")
struct SuggestionTests {
  private let names = ["address", "arch", "files", "services", "sysctl"]

  @Test(
    "the nearest name is found",
    arguments: [("adress", "address"), ("fiels", "files"), ("Services", "services"), ("sysctls", "sysctl")]
  )
  func nearest(_ word: String, _ name: String) {
    #expect(Suggestion.nearest(to: word, among: names) == name)
  }

  @Test("a name that is too far is not suggested", arguments: ["", "x", "manifests", "servers-of-mine"])
  func tooFar(_ word: String) {
    #expect(Suggestion.nearest(to: word, among: names) == nil)
  }

  @Test("the hint lists all names when there are few, and says nothing when there are many or none")
  func hints() {
    #expect(Suggestion.hint(for: "fils", among: names) == "did you mean \"files\"?")
    #expect(Suggestion.hint(for: "zzz", among: names) == "known here: address, arch, files, services, sysctl")
    #expect(Suggestion.hint(for: "zzz", among: (1...17).map { "name\($0)" }) == nil)
    #expect(Suggestion.hint(for: "zzz", among: [String]()) == nil)
  }
}

@Suite("text for a terminal")
struct TerminalTextTests {
  @Test(
    "what could move the cursor or forge a line is written out",
    arguments: [
      ("\u{1B}[2Jx", "\\x1b[2Jx"), ("a\r\nb", "a\\r\\nb"), ("a\tb", "a\\tb"), ("\u{0}", "\\x00"),
      ("\u{9B}31m", "\\x9b31m"),
      ("a\u{202E}b", "a\\u202eb"), ("\u{2028}", "\\u2028"), ("\u{FEFF}", "\\ufeff"), ("\u{E000}", "\\ue000"),
      ("\u{7F}", "\\x7f"), ("a\u{A0}b", "a\\xa0b"),
    ]
  )
  func escaping(_ text: String, _ shown: String) {
    #expect(TerminalText.escape(text) == shown)
  }

  @Test("people's languages are left alone")
  func harmless() {
    let text = "Grüße, 你好, привет, 🙂 – ok"
    #expect(TerminalText.escape(text) == text)
  }

  @Test("tabs are kept where they are asked for, and nothing else with them")
  func tabs() {
    #expect(TerminalText.escape("a\tb\u{1B}", keepingTabs: true) == "a\tb\\x1b")
  }

  @Test("bytes that are no UTF-8 become a replacement character")
  func bytes() {
    #expect(TerminalText.escape(bytes: [0x61, 0xFF, 0x1B]) == "a\u{FFFD}\\x1b")
  }

  @Test("a tail has the last lines that hold anything, escaped and cut")
  func tail() {
    #expect(TerminalText.tail(of: "one\n\ntwo\r\n\u{1B}three\n\n", lines: 2) == ["two", "\\x1bthree"])
    #expect(TerminalText.tail(of: String(repeating: "x", count: 400), lines: 3, width: 10) == ["xxxxxxxxxx"])
    #expect(TerminalText.tail(of: "\n\n", lines: 3).isEmpty)
  }
}
