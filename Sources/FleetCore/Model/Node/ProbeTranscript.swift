/// What a node answered to the probe, taken apart. A truncated or garbled answer is an error and never "absent".
package struct ProbeTranscript: Sendable {
  package private(set) var sections: [String: ProbeSection] = [:]

  /// Noise before the first line of the answer (a chatty shell profile) is skipped.
  package init(parsing bytes: [UInt8]) throws(ProbeError) {
    var reader = ProbeReader(bytes: bytes)
    try reader.skip(past: Array("fleetd-probe \(ProbeScript.version)\n".utf8))
    var current: (name: String, section: ProbeSection)?
    while true {
      let line = try reader.line()
      let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      switch words.first {
      case "section" where words.count == 2:
        if let current { sections[current.name] = current.section }
        guard sections[words[1]] == nil else { throw .garbled("section \(words[1]) stands twice") }
        current = (words[1], ProbeSection(kind: words[1]))
      case "=" where words.count == 3:
        guard let count = Int(words[2]), count >= 0, current != nil else { throw .garbled("record \(line)") }
        current?.section.append(words[1], try reader.bytes(count, of: words[1]))
      case "end" where words.count == 2:
        if let current { sections[current.name] = current.section }
        guard Int(words[1]) == sections.count else { throw .garbled("\(words[1]) sections announced") }
        return
      default:
        throw .garbled("line \"\(line)\"")
      }
    }
  }

  package func section(_ kind: ResourceKind) throws(ProbeError) -> ProbeSection {
    guard let section = sections[kind.name] else { throw .missing(section: kind.name) }
    return section
  }
}

/// One kind's records, in the order in which the node gave them.
package struct ProbeSection: Sendable {
  package let kind: String
  package private(set) var records: [(key: String, bytes: [UInt8])] = []

  package init(kind: String) { self.kind = kind }

  package mutating func append(_ key: String, _ bytes: [UInt8]) { records.append((key, bytes)) }

  /// The record's bytes; `nil` when the node sent none under this key.
  package func bytes(_ key: String) -> [UInt8]? { records.first { $0.key == key }?.bytes }

  /// The record as text: invalid UTF-8 becomes U+FFFD.
  package func text(_ key: String) -> String? { bytes(key).map { String(decoding: $0, as: UTF8.self) } }

  /// The text without white space around it; `nil` when there is none or nothing is left.
  package func word(_ key: String) -> String? {
    guard let text = text(key) else { return nil }
    let word = text.trimmingWhitespace()
    return word.isEmpty ? nil : word
  }

  package func required(_ key: String) throws(ProbeError) -> String {
    guard let text = text(key) else { throw .missing(section: "\(kind).\(key)") }
    return text
  }

  /// Lines of tab-separated fields.
  package func table(_ key: String) -> [[String]] {
    (text(key) ?? "").split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }
}

/// The answer of a probe cannot be used.
package enum ProbeError: Error, Sendable, Hashable {
  /// It ends before its end mark: the connection or the node died, or the node's disk or memory is full.
  case truncated
  case garbled(String)
  case missing(section: String)

  package var message: String {
    switch self {
    case .truncated: "the node's answer ends before its end mark"
    case .garbled(let what): "the node's answer is garbled: \(TerminalText.escape(String(what.prefix(100))))"
    case .missing(let section): "the node's answer lacks \(section)"
    }
  }
}

/// A cursor over the bytes of an answer.
private struct ProbeReader {
  let bytes: [UInt8]
  var position = 0

  mutating func skip(past mark: [UInt8]) throws(ProbeError) {
    var start = 0
    while start + mark.count <= bytes.count {
      let isLineStart = start == 0 || bytes[start - 1] == 0x0A
      if isLineStart, bytes[start..<start + mark.count].elementsEqual(mark) {
        position = start + mark.count
        return
      }
      start += 1
    }
    throw .truncated
  }

  mutating func line() throws(ProbeError) -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else { throw .truncated }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  mutating func bytes(_ count: Int, of key: String) throws(ProbeError) -> [UInt8] {
    guard count <= bytes.count - position - 1 else { throw .truncated }
    defer { position += count + 1 }
    guard bytes[position + count] == 0x0A else { throw .garbled("record \(key) is longer or shorter than it says") }
    return Array(bytes[position..<position + count])
  }
}
