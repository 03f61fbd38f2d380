/// "Did you mean": the nearest of the names that would have been right.
package enum Suggestion {
  /// The candidate within a third of the word's length in edits (at least one, at most three), or `nil`.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let bound = min(3, max(1, word.count / 3))
    var best: (distance: Int, candidate: String)?
    for candidate in candidates.sorted() where abs(candidate.count - word.count) <= bound {
      let distance = editDistance(word.lowercased(), candidate.lowercased())
      if distance <= bound, distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// The hint for an unknown name: the nearest candidate, else all of them when they are few.
  package static func hint(for word: String, among candidates: some Collection<String>) -> String? {
    if let nearest = nearest(to: word, among: candidates) { return "did you mean \"\(nearest)\"?" }
    guard !candidates.isEmpty, candidates.count <= 16 else { return nil }
    return "known here: " + candidates.sorted().joined(separator: ", ")
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
  private static func editDistance(_ left: String, _ right: String) -> Int {
    let (one, other) = (Array(left), Array(right))
    var rows = [[Int]](repeating: [Int](repeating: 0, count: other.count + 1), count: one.count + 1)
    for row in 0...one.count { rows[row][0] = row }
    for column in 0...other.count { rows[0][column] = column }
    for row in 0..<one.count {
      for column in 0..<other.count {
        let substitution = rows[row][column] + (one[row] == other[column] ? 0 : 1)
        var least = min(substitution, rows[row][column + 1] + 1, rows[row + 1][column] + 1)
        if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
          least = min(least, rows[row - 1][column - 1] + 1)
        }
        rows[row + 1][column + 1] = least
      }
    }
    return rows[one.count][other.count]
  }
}
