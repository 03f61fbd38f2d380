/// Percentiles by the nearest rank: always a value that was measured.
package enum Percentile {
  /// - Parameter percent: 0 to 100. `nil`: there is no value.
  package static func of(_ values: [Int], _ percent: Int) -> Int? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let rank = (min(max(percent, 0), 100) * sorted.count + 99) / 100
    return sorted[max(1, rank) - 1]
  }
}
