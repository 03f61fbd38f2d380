/// /etc/fstab (fstab(5)), edited line by line: what is not fleetd's stays as it is, comments and blanks included.
package struct FstabText: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package let device: String
    package let path: String
    package let type: String
    package let options: [String]
    package let dump: Int
    package let pass: Int
  }

  /// Without their line breaks.
  private let lines: [Substring]

  package init(_ text: String) {
    // Scalars: Swift takes a carriage return and a line break for one character.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { Substring($0) }
    if lines.last?.isEmpty == true { lines.removeLast() }
    self.lines = lines
  }

  /// The entries for a path, in their order. mount(8) reads the last.
  package func entries(at path: String) -> [Entry] { lines.compactMap(Self.entry).filter { $0.path == path } }

  /// The text with one entry for the path, or none. An entry that is there is replaced where it stands.
  package func setting(_ entry: Entry?, at path: String) -> FstabText {
    var result: [Substring] = []
    var isPlaced = entry == nil
    for line in lines {
      guard Self.entry(line)?.path == path else {
        result.append(line)
        continue
      }
      guard !isPlaced, let entry else { continue }
      result.append(Substring(Self.line(entry)))
      isPlaced = true
    }
    if !isPlaced, let entry { result.append(Substring(Self.line(entry))) }
    return FstabText(lines: result)
  }

  package var text: String { lines.map { $0 + "\n" }.joined() }

  private init(lines: [Substring]) { self.lines = lines }

  private static func line(_ entry: Entry) -> String {
    [
      escape(entry.device), escape(entry.path), entry.type,
      entry.options.isEmpty ? "defaults" : escape(entry.options.joined(separator: ",")), "\(entry.dump)",
      "\(entry.pass)",
    ].joined(separator: " ")
  }

  private static func entry(_ line: Substring) -> Entry? {
    let fields = line.split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }.map(String.init)
    guard fields.count >= 3, fields.first?.hasPrefix("#") == false else { return nil }
    let options = fields.count > 3 ? unescape(fields[3]).split(separator: ",").map(String.init) : []
    return Entry(
      device: unescape(fields[0]),
      path: simplest(unescape(fields[1])),
      type: fields[2],
      options: options == ["defaults"] ? [] : options,
      dump: fields.count > 4 ? Int(fields[4]) ?? 0 : 0,
      pass: fields.count > 5 ? Int(fields[5]) ?? 0 : 0
    )
  }

  /// People write `/mnt/disk/`; mount(8) takes it as `/mnt/disk`.
  private static func simplest(_ path: String) -> String {
    guard path.hasPrefix("/"), path.count > 1 else { return path }
    return "/" + path.split(separator: "/").joined(separator: "/")
  }

  /// Blank, tab, line break and backslash as octal codes; the kernel writes its tables so too (getmntent(3)).
  package static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case " ": escaped += "\\040"
      case "\t": escaped += "\\011"
      case "\n": escaped += "\\012"
      case "\\": escaped += "\\134"
      case "#": escaped += "\\043"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  package static func unescape(_ text: String) -> String {
    guard text.contains("\\") else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let digits = bytes[min(index + 1, bytes.count)..<min(index + 4, bytes.count)]
      if bytes[index] == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        result.append(code)
        index += 4
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
