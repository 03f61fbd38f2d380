/// Metrics in Prometheus' text format, version 0.0.4: families in the order in which they are added.
package struct MetricsText: Sendable {
  package typealias Labels = KeyValuePairs<String, String>

  package struct Sample: Sendable {
    let labels: Labels
    let value: Double

    package init(_ labels: Labels, _ value: Double) {
      self.labels = labels
      self.value = value
    }
  }

  package private(set) var text = ""
  /// The names of its families.
  package private(set) var names: [String] = []

  package init() {}

  /// A family with its samples; one without samples is left out.
  package mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) {
    add(name, "gauge", help, samples)
  }

  /// `nil`: it is not known, and left out.
  package mutating func gauge(_ name: String, _ help: String, _ value: Double?) {
    add(name, "gauge", help, value.map { [Sample([:], $0)] } ?? [])
  }

  package mutating func counter(_ name: String, _ help: String, _ samples: [Sample]) {
    add(name, "counter", help, samples)
  }

  package mutating func counter(_ name: String, _ help: String, _ value: Double) {
    add(name, "counter", help, [Sample([:], value)])
  }

  package mutating func histogram(_ name: String, _ help: String, _ times: PassTimes) {
    let buckets = zip(PassTimes.bounds, times.buckets).map { Sample(["le": "\($0)"], Double($1)) }
    names.append(name)
    head(name, "histogram", help)
    for sample in buckets + [Sample(["le": "+Inf"], Double(times.count))] {
      text += Self.line("\(name)_bucket", sample)
    }
    text += Self.line("\(name)_sum", Sample([:], Double(times.seconds)))
    text += Self.line("\(name)_count", Sample([:], Double(times.count)))
  }

  private mutating func add(_ name: String, _ kind: String, _ help: String, _ samples: [Sample]) {
    names.append(name)
    guard !samples.isEmpty else { return }
    head(name, kind, help)
    for sample in samples { text += Self.line(name, sample) }
  }

  private mutating func head(_ name: String, _ kind: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
  }

  private static func line(_ name: String, _ sample: Sample) -> String {
    let list = sample.labels.map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(separator: ",")
    return "\(name)\(list.isEmpty ? "" : "{\(list)}") \(number(sample.value))\n"
  }

  /// Whole numbers without a fraction, so that a timestamp is readable.
  private static func number(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }

  /// The format's own rules: backslash, quote and line break.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
