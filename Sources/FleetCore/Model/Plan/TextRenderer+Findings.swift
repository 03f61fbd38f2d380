extension TextRenderer {
  /// `refused  disk-full  12 MiB are free, …`, and below it what to do; the gravest first.
  func lines(of findings: [Finding]) -> [String] {
    Finding.gravestFirst(findings).flatMap { finding in
      let message = text.lines(finding.message)
      let word = finding.severity.rawValue
      let code = finding.reason.rawValue
      let tone = finding.severity.tone
      let first = "  \(tone.map { style.paint(word, $0) } ?? word)  \(code)  \(message[0])"
      return [first] + message.dropFirst().map { "      \($0)" } + next(finding.next)
    }
  }

  /// `failed: apt-get install nfs-common: …` behind what stands on `line`, the reason's code at its end. `isBrief`: on
  /// that line alone, for what passes by itself.
  func lines(
    of failure: NodeFailure,
    after words: String,
    on line: ColumnLine,
    at column: Int,
    isBrief: Bool = false
  ) -> [String] {
    var line = line
    let isShort = isBrief && !isVerbose
    let message = isShort ? [text.line(failure.message)] : text.lines(failure.message)
    line.put(words + message[0], at: column, in: style, isBrief ? nil : .failed)
    guard !isShort else { return [line.text] }
    line.put("[\(failure.reason.rawValue)]", at: 0, in: style, .dim)
    return [line.text] + message.dropFirst().map { "      \($0)" } + next(failure.next)
  }

  private func next(_ next: String?) -> [String] {
    guard let next, !next.isEmpty else { return [] }
    let lines = text.lines(next)
    return ["      → \(lines[0])"] + lines.dropFirst().map { "        \($0)" }
  }
}

extension Finding {
  static func gravestFirst(_ findings: [Finding]) -> [Finding] {
    let order: [Severity] = [.refused, .blocked, .held, .note]
    return order.flatMap { severity in findings.filter { $0.severity == severity } }
  }

  /// All that are graver than notes; of notes that say one thing of many the first twelve, unless everything is wanted.
  static func shown(_ all: [Finding], isWhole: Bool) -> [Finding] {
    guard !isWhole else { return all }
    let limit = 12
    var shown: [Finding] = []
    for finding in all where finding.severity == .note {
      guard shown.count(where: { $0.reason == finding.reason }) < limit else { continue }
      shown.append(finding)
    }
    for reason in Reason.allCases {
      let same = all.filter { $0.severity == .note && $0.reason == reason }
      guard let last = same.last, same.count > limit else { continue }
      let more = "and \(same.count - limit) more; --verbose shows them"
      shown.append(Finding(.note, reason, last.kind, more, next: last.next))
    }
    return all.filter { $0.severity != .note } + shown
  }
}
