/// The unified diff of two texts.
package enum LineDiff {
  /// Lines beginning with " ", "+" or "-", hunks apart by a line "@@"; at most `limit` lines, the rest counted.
  package static func unified(from before: String, to after: String, context: Int = 2, limit: Int = 200) -> [String] {
    let old = lines(of: before)
    let new = lines(of: after)
    guard old.count <= 5000, new.count <= 5000 else {
      return ["@@ \(old.count) lines become \(new.count): too many to compare"]
    }
    let script = editScript(from: old, to: new)
    var diff: [String] = []
    var lastShown = -1
    for (index, line) in script.enumerated() {
      let near = max(0, index - context)...min(script.count - 1, index + context)
      guard near.contains(where: { script[$0].first != " " }) else { continue }
      if lastShown != index - 1, lastShown >= 0 { diff.append("@@") }
      diff.append(line)
      lastShown = index
    }
    guard diff.count > limit else { return diff }
    return diff.prefix(limit) + ["@@ and \(diff.count - limit) more lines"]
  }

  /// A text without a line break at its end differs from one with it: as diff(1) says.
  private static func lines(of text: String) -> [String] {
    guard !text.isEmpty else { return [] }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true {
      lines.removeLast()
    } else {
      lines[lines.count - 1] += "\u{2028}"
    }
    return lines
  }

  private static func editScript(from old: [String], to new: [String]) -> [String] {
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var script: [String] = []
    var (oldIndex, newIndex) = (0, 0)
    while oldIndex < old.count || newIndex < new.count {
      if oldIndex < old.count, removed.contains(oldIndex) {
        script += shown("-", old[oldIndex])
        oldIndex += 1
      } else if newIndex < new.count, inserted.contains(newIndex) {
        script += shown("+", new[newIndex])
        newIndex += 1
      } else {
        script += shown(" ", old[oldIndex])
        oldIndex += 1
        newIndex += 1
      }
    }
    return script
  }

  private static func shown(_ symbol: String, _ line: String) -> [String] {
    guard line.hasSuffix("\u{2028}") else { return [symbol + line] }
    return [symbol + line.dropLast(), "\\ no newline at the end"]
  }
}
