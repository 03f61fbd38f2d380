/// Text that came from the far side or from a file, made fit to stand in a message: at most `limit` characters, and
/// without control characters, so that a hostile peer can neither steer a terminal nor forge a second log line.
func printable(_ text: some StringProtocol, limit: Int = 200) -> String {
  var result = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      result += scalar == "\n" || scalar == "\t" ? " " : "?"
    default:
      result.unicodeScalars.append(scalar)
    }
  }
  return text.unicodeScalars.count > limit ? result + "…" : result
}

/// Bytes from the far side as printable text; what is not UTF-8 becomes U+FFFD.
func printable(_ bytes: some Sequence<UInt8>, limit: Int = 200) -> String {
  // Four bytes make one scalar at most, so this prefix is enough for `limit` scalars.
  printable(String(decoding: Array(bytes.prefix(limit * 4 + 4)), as: UTF8.self), limit: limit)
}
