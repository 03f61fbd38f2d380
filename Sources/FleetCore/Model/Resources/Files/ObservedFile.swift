/// What stands at a path on the node.
package enum ObservedFile: Sendable, Hashable {
  case absent
  /// `text`: the content, when it differs from what is wanted, is no secret, is text and at most 64 KiB.
  case regular(Attributes, text: String?)
  /// "a directory", "a symbolic link to …".
  case other(String)

  package struct Attributes: Sendable, Hashable {
    /// Four octal digits.
    package let mode: String
    package let owner: String
    package let group: String
    /// Bytes.
    package let size: Int
    /// Lowercase SHA-256 of the content.
    package let digest: String
  }

  /// What the probe sent of the content: see `regular`.
  var text: String? { if case .regular(_, let text) = self { text } else { nil } }

  /// Records `stat/N`, `sha/N`, `text/N`, in the order of the request; the stat record ends with the path.
  static func parse(_ section: ProbeSection) throws(ProbeError) -> [String: ObservedFile] {
    var files: [String: ObservedFile] = [:]
    for (key, bytes) in section.records where key.hasPrefix("stat/") {
      let index = key.dropFirst("stat/".count)
      let fields = String(decoding: bytes, as: UTF8.self)
        .split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 2, let path = fields.last else { throw .garbled("file record \(index)") }
      files[path] = try file(fields, index: String(index), section)
    }
    return files
  }

  /// `absent PATH`, or `TYPE MODE OWNER GROUP SIZE DETAIL PATH`. A path holds no tab, as no text of the inventory may;
  /// the detail is a link's target, which may hold any.
  private static func file(
    _ fields: [String],
    index: String,
    _ section: ProbeSection
  ) throws(ProbeError) -> ObservedFile {
    if fields[0] == "absent" { return .absent }
    guard fields.count >= 7, let size = Int(fields[4]) else { throw .garbled("file record \(index)") }
    guard fields[0] == "regular file" || fields[0] == "regular empty file" else {
      let target = fields[5..<fields.count - 1].joined(separator: "\t")
      return .other(fields[0] == "symbolic link" ? "a symbolic link to \(target)" : "a \(fields[0])")
    }
    guard let digest = section.word("sha/\(index)"), digest.count == 64 else {
      throw .missing(section: "file.sha/\(index)")
    }
    let mode = String(repeating: "0", count: max(0, 4 - fields[1].count)) + fields[1]
    let attributes = Attributes(mode: mode, owner: fields[2], group: fields[3], size: size, digest: digest)
    guard let bytes = section.bytes("text/\(index)"), let text = String(validating: bytes, as: UTF8.self) else {
      return .regular(attributes, text: nil)
    }
    return .regular(attributes, text: text)
  }
}
