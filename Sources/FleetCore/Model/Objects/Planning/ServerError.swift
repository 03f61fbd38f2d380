/// What kubectl says when a server refuses an object.
enum ServerError {
  /// Another manager's claim on the same fields.
  struct Conflict: Sendable, Hashable {
    let managers: [String]
    let fields: [String]
  }

  /// The sentence without what kubectl adds around it.
  static func text(_ message: String) -> String {
    let kept = message.split(whereSeparator: \.isNewline).map(String.init).filter { line in
      !line.hasPrefix("Warning: ") && !line.isEmpty
    }
    var text = kept.joined(separator: "\n")
    for prefix in ["Error from server", "error: error validating \"STDIN\": ", "error: "] where text.hasPrefix(prefix) {
      text = String(text.dropFirst(prefix.count))
      // `Error from server (Invalid): …`
      if prefix == "Error from server", let colon = text.firstRange(of: ": ") {
        text = String(text[colon.upperBound...])
      }
      break
    }
    for words in ["error when creating \"STDIN\": ", "unable to recognize \"STDIN\": "] where text.hasPrefix(words) {
      text = String(text.dropFirst(words.count))
    }
    // What switches kubectl's validation off is no advice here.
    if let advice = text.firstRange(of: "; if you choose to ignore these errors") {
      text = String(text[..<advice.lowerBound])
    }
    return text
  }

  /// `Apply failed with 2 conflicts: conflicts with "argocd" using apps/v1: - .spec.replicas - …`, or one on one line.
  static func conflict(_ message: String) -> Conflict? {
    guard message.contains("Apply failed with"), message.contains("conflict") else { return nil }
    var managers: [String] = []
    var fields: [String] = []
    for part in message.components(behind: "conflict with \"") + message.components(behind: "conflicts with \"") {
      let manager = String(part.prefix { $0 != "\"" })
      if !manager.isEmpty, !managers.contains(manager) { managers.append(manager) }
    }
    for line in message.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ").map(String.init)
      for word in words where word.hasPrefix(".") && word.count > 1 && !fields.contains(word) { fields.append(word) }
      // The advice that kubectl prints below holds no fields.
      if line.contains("Please review the fields above") { break }
    }
    return managers.isEmpty ? nil : Conflict(managers: managers, fields: Array(fields.prefix(12)))
  }
}

extension String {
  /// What stands behind each place of `mark`.
  fileprivate func components(behind mark: String) -> [Substring] {
    ranges(of: mark).map { self[$0.upperBound...] }
  }
}
