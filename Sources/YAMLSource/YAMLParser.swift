/// YAML text to nodes, for text that nobody vouches for.
///
/// Reads YAML 1.2 with the core schema: `yes`, `on`, `0b1` and `1:30` are strings, `0644` is the integer 644. Merge
/// keys (`<<`) of YAML 1.1 are read as well, since inventories use them. Stricter than the standard where leniency
/// hides mistakes: duplicate keys, keys that are not scalars, unknown tags and unusual line breaks are errors.
public enum YAMLParser {
  /// All documents of a stream, in order. An empty text, or one of comments only, holds none; `---` alone holds a null.
  ///
  /// Memory and time are bounded by `limits`, whatever the text is.
  ///
  /// - Parameters:
  ///   - text: UTF-8, with or without a byte order mark.
  ///   - name: what marks and messages call the text, usually its path.
  /// - Throws: the first error of the text.
  public static func documents(
    in text: [UInt8],
    named name: String,
    limits: YAMLLimits = YAMLLimits()
  ) throws(YAMLError) -> [YAMLNode] {
    guard text.count <= limits.maximumBytes else {
      // What is too long to be read is also too long to be kept for the message: its beginning is enough.
      let beginning = YAMLSourceFile(name: name, bytes: Array(text.prefix(limits.maximumBytes)))
      throw YAMLError(
        mark: beginning.mark(line: 1, column: 1),
        problem: "the file has \(text.count) bytes, more than the limit of \(limits.maximumBytes)"
      )
    }
    let source = YAMLSourceFile(name: name, bytes: text)
    try CharacterCheck.check(source)
    return try Composer.documents(in: source, limits: limits)
  }
}
