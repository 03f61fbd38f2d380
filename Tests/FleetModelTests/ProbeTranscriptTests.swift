import Testing

@testable import FleetModel

@Suite("the node's answer")
struct ProbeTranscriptTests {
  private static let host = ResourceKind("host")
  private static let good = ModelFixture.answer([
    ("host", [("hostname", "pi1\n"), ("empty", ""), ("binary", "\n= x 3\nend 1\n")]), ("file", []),
    ("boot", [("a", "b")]),
  ])

  private func parse(_ text: String) throws(ProbeError) -> ProbeTranscript {
    try ProbeTranscript(parsing: Array(text.utf8))
  }

  @Test("sections and records are taken apart by their lengths")
  func parsing() throws {
    let transcript = try ProbeTranscript(parsing: Self.good)
    #expect(transcript.sections.keys.sorted() == ["boot", "file", "host"])
    let section = try transcript.section(Self.host)
    #expect(section.text("hostname") == "pi1\n")
    #expect(section.word("hostname") == "pi1")
    #expect(section.text("empty") == "")
    #expect(section.word("empty") == nil)
    #expect(section.text("binary") == "\n= x 3\nend 1\n")
    #expect(section.bytes("missing") == nil)
  }

  @Test("an answer that ends anywhere before its end is an error, never a shorter answer")
  func truncation() {
    for length in 0..<Self.good.count {
      #expect(throws: ProbeError.truncated, "\(length) bytes") {
        try ProbeTranscript(parsing: Array(Self.good.prefix(length)))
      }
    }
  }

  @Test("noise before the answer is skipped, also noise that looks like it")
  func noise() throws {
    let noise = Array("Welcome!\nlast login: fleetd-probe 1\n\u{1B}[0m\n".utf8) + [0xFF, 0x0A]
    #expect(try ProbeTranscript(parsing: noise + Self.good).sections.count == 3)
  }

  @Test("what follows the end is not read")
  func trailing() throws {
    #expect(try ProbeTranscript(parsing: Self.good + Array("section more\n".utf8)).sections.count == 3)
  }

  @Test(
    "an answer of another version, or none at all, is an error", arguments: ["", "\n\n", "fleetd-probe 2\nend 0\n"])
  func otherVersion(_ text: String) {
    #expect(throws: ProbeError.truncated) { try parse(text) }
  }

  @Test(
    "a garbled frame is an error",
    arguments: [
      "= a 1\nx\n", "section host\n= a\n", "section host\n= a b\n", "section host\n= a -1\nx\n",
      "section host\n= a 1 2\nx\n",
      "section host\n= a 0x1\nx\n", "section\n", "section a b\n", "noise\n", "\n", "end\n", "end x\n", "end 1 \n",
      "section host\n= a 99999999999999999999\nx\n", "section host\n= a 2\nxyz\nend 1\n",
      "section host\n= a 1\nxyz\nend 1\n",
      "section host\nend 2\n", "section host\nend 0\n", "end 1\n",
    ]
  )
  func garbled(_ text: String) {
    #expect {
      try parse("fleetd-probe 1\n" + text)
    } throws: { error in
      if case .garbled = error as? ProbeError { true } else { false }
    }
  }

  @Test("a length beyond the answer is a truncation, however huge", arguments: ["9", "1000000000000", "\(Int.max)"])
  func hugeLengths(_ length: String) {
    #expect(throws: ProbeError.truncated) { try parse("fleetd-probe 1\nsection host\n= a \(length)\nx\nend 1\n") }
  }

  @Test("a section that stands twice is an error, side by side or apart")
  func doubled() {
    for text in ["section a\nsection a\nend 1\n", "section a\nsection b\nsection a\nend 2\n"] {
      #expect(throws: ProbeError.garbled("section a stands twice")) { try parse("fleetd-probe 1\n" + text) }
    }
  }

  @Test("a section or record that is missing is named, never taken for empty")
  func missing() throws {
    let transcript = try parse("fleetd-probe 1\nsection host\nend 1\n")
    #expect(throws: ProbeError.missing(section: "boot")) { try transcript.section(Boot.kind) }
    #expect(throws: ProbeError.missing(section: "host.boot-id")) { try HostFacts(try transcript.section(Self.host)) }
  }

  @Test("messages show no control code of the node")
  func hostileMessages() {
    for text in ["\u{1B}[31m\n", "section \u{1B}[31m\nsection \u{1B}[31m\n", "= \u{1B} 1\n", "end \u{1B}\n"] {
      #expect {
        try parse("fleetd-probe 1\nsection host\n" + text)
      } throws: { error in
        (error as? ProbeError)?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true
      }
    }
  }

  @Test("any bytes at all are an error or an answer, never a crash")
  func anyBytes() {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for _ in 0..<3000 {
      var bytes = Self.good
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 25)
      }
      let transcript = try? ProbeTranscript(parsing: bytes)
      #expect(transcript?.sections.count ?? 3 == 3)
    }
  }

  @Test("the skew counts only what the round trip cannot explain")
  func skew() throws {
    let observation = NodeObservation(
      answer: .success(try ProbeTranscript(parsing: Self.good)), sent: 100, received: 103)
    #expect([99, 100, 103, 110].map(observation.skew) == [-1, 0, 0, 7])
  }
}
