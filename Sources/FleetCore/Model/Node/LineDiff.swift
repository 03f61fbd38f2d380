/// The unified diff of two texts.
package enum LineDiff {
  /// Lines beginning with " ", "+" or "-", hunks apart by a line "@@"; at most `limit` lines, the rest counted.
  package static func unified(from before: String, to after: String, context: Int = 2, limit: Int = 200) -> [String] {
    let old = lines(of: before)
    let new = lines(of: after)
    guard old.count <= comparable, new.count <= comparable else {
      return ["@@ \(old.count) lines become \(new.count): too many to compare"]
    }
    let script = editScript(from: old, to: new)
    var diff: [String] = []
    var lastShown = -1
    for (index, edit) in script.enumerated() {
      let near = max(0, index - context)...min(script.count - 1, index + context)
      guard near.contains(where: { script[$0].symbol != " " }) else { continue }
      if lastShown != index - 1, lastShown >= 0 { diff.append("@@") }
      diff += edit.shown
      lastShown = index
    }
    guard diff.count > limit else { return diff }
    return diff.prefix(limit) + ["@@ and \(diff.count - limit) more lines"]
  }

  /// Lines. The comparison takes memory with the square of what differs.
  private static let comparable = 2000

  /// A last line without a line break differs from one with it: as diff(1) says.
  private struct Line: Hashable {
    let text: String
    let isTerminated: Bool
  }

  private struct Edit {
    let symbol: Character
    let line: Line

    var shown: [String] {
      ["\(symbol)\(line.text)"] + (line.isTerminated ? [] : ["\\ no newline at the end"])
    }
  }

  /// By code points: to Swift, CR LF is one character, which is no line feed.
  private static func lines(of text: String) -> [Line] {
    var parts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let rest = parts.removeLast()
    return parts.map { Line(text: $0, isTerminated: true) }
      + (rest.isEmpty ? [] : [Line(text: rest, isTerminated: false)])
  }

  private static func editScript(from old: [Line], to new: [Line]) -> [Edit] {
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var script: [Edit] = []
    var (oldIndex, newIndex) = (0, 0)
    while oldIndex < old.count || newIndex < new.count {
      if oldIndex < old.count, removed.contains(oldIndex) {
        script.append(Edit(symbol: "-", line: old[oldIndex]))
        oldIndex += 1
      } else if newIndex < new.count, inserted.contains(newIndex) {
        script.append(Edit(symbol: "+", line: new[newIndex]))
        newIndex += 1
      } else {
        script.append(Edit(symbol: " ", line: old[oldIndex]))
        oldIndex += 1
        newIndex += 1
      }
    }
    return script
  }
}
