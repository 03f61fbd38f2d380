import Crypto
import YAMLSource

/// Something that is wrong, or unwise, with a place in the repository: what a forge shows beside the line.
package struct Annotation: Sendable, Hashable {
  package enum Level: String, Sendable {
    case error
    case warning
  }

  package let level: Level
  /// `inventory`, `manifest`, or a lint's name.
  package let rule: String
  package let diagnostic: Diagnostic

  package init(_ level: Level, _ rule: String, _ diagnostic: Diagnostic) {
    self.level = level
    self.rule = rule
    self.diagnostic = diagnostic
  }

  /// The problem and what mends it, escaped.
  private var message: String {
    let text = [diagnostic.problem, diagnostic.hint].compactMap { $0 }.map {
      TerminalText.escape(String($0.prefix(1000)))
    }
    return text.joined(separator: "\n")
  }

  /// Relative to the top of the checkout.
  private func path(below prefix: String) -> String? {
    diagnostic.mark.map { (prefix.isEmpty ? "" : prefix + "/") + $0.source.name }
  }
}

extension Annotation {
  /// GitHub's workflow command `::error file=…,line=…,col=…,title=…::message`, one line.
  ///
  /// The escapes are those of @actions/core (`escapeData`, `escapeProperty`): without them a name in a repository could
  /// write commands of its own.
  package func gitHubCommand(below prefix: String) -> String {
    var properties: [String] = []
    if let path = path(below: prefix), let mark = diagnostic.mark {
      properties = ["file=\(Self.property(path))", "line=\(mark.line)", "col=\(mark.column)"]
    }
    properties.append("title=\(Self.property("fleetd: \(rule)"))")
    return "::\(level.rawValue) \(properties.joined(separator: ","))::\(Self.data(message))"
  }

  private static func data(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: String(scalar)
      }
    }.joined()
  }

  private static func property(_ text: String) -> String {
    data(text).unicodeScalars.map { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : String($0) }.joined()
  }

  /// GitLab's Code Quality report: a JSON array, `[]` when there is nothing to say.
  ///
  /// A fingerprint is one issue's name across commits: it knows nothing of lines, so that an issue that only moved is the
  /// same one; a second one of the same words in one file is counted.
  package static func gitLabReport(_ annotations: [Annotation], below prefix: String) -> String {
    var seen: [String: Int] = [:]
    let issues = annotations.map { annotation in
      let path = annotation.path(below: prefix) ?? (prefix.isEmpty ? "inventory" : prefix + "/inventory")
      let identity = [annotation.rule, path, annotation.diagnostic.problem].joined(separator: "\u{0}")
      let count = seen[identity, default: 0]
      seen[identity] = count + 1
      let fingerprint = SHA256.hash(data: Array("\(identity)\u{0}\(count)".utf8)).hexadecimal
      return JSONText.object([
        .init("description", .string(annotation.message)),
        .init("check_name", .string("fleetd/\(annotation.rule)")),
        .init("fingerprint", .string(fingerprint)),
        .init("severity", .string(annotation.level == .error ? "major" : "minor")),
        .init(
          "location",
          .object([
            .init("path", .string(path)),
            .init("lines", .object([.init("begin", .integer(Int64(annotation.diagnostic.mark?.line ?? 1)))])),
          ])),
      ])
    }
    return JSONRenderer().render(.array(issues))
  }
}
