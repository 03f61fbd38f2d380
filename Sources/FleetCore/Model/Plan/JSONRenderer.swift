internal import FoundationEssentials

/// A plan or a report for programs, as `docs/plan.schema.json` and `docs/report.schema.json` describe it.
///
/// Keys are sorted and the same value is the same text, to the byte. Texts are whole, never cut. Every text ends with a
/// line break.
package struct JSONRenderer: Sendable {
  /// Grows when a field goes away or changes its meaning; new fields and new reasons do not change it.
  package static let schemaVersion = 1

  package init() {}

  package func render(_ plan: FleetPlan) -> String { text(of: PlanDocument(plan)) }

  package func render(_ report: RunReport) -> String { text(of: ReportDocument(report)) }

  /// Any other document, as safe to look at as a plan is.
  package func render(_ document: JSONText) -> String { Self.escaped(document.text()) + "\n" }

  func text(of document: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return Self.escaped(String(decoding: try encoder.encode(document), as: UTF8.self)) + "\n"
    } catch {
      // The documents hold strings, integers and booleans only, which always encode.
      preconditionFailure("a document of plain values did not encode: \(error)")
    }
  }

  /// JSON itself wants only codes below U+0020 escaped. Whoever looks at it on a terminal needs more: U+009B begins a
  /// control sequence as ESC [ does, and bidirectional overrides show another text than the one that is there. Outside
  /// of strings JSON is ASCII, so that every such scalar may become a `\u` escape of JSON's, and parsing gives it back.
  private static func escaped(_ json: String) -> String {
    var safe = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      let isPlain = scalar == "\n" || (scalar.isASCII && scalar.value != 0x7F)
      if isPlain || TerminalText.escape(String(scalar)) == String(scalar) {
        safe.append(scalar)
      } else {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          safe.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
        }
      }
    }
    return String(safe)
  }
}
