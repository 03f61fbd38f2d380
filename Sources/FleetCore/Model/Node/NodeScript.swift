/// How a constant script and its parameters travel to a node: all of it on standard input, behind a short constant
/// command line. sudo logs that command line, so it holds nothing that varies and nothing secret.
package enum NodeScript {
  /// Reads the script's length in bytes, the script itself and an empty line, and leaves standard input at its
  /// parameters. head(1) reads exactly as many bytes as it is told; dash's `read` takes one byte at a time. Of a script
  /// that does not arrive whole nothing is run.
  private static let bootstrap =
    #"IFS= read -r n && s=$(head -c "$n") && IFS= read -r e && [ -z "$e" ] && eval "$s""#

  /// The command line that runs a script as root.
  package static func command(with elevation: Elevation) -> String {
    (elevation.words + ["/bin/sh", "-c", bootstrap, "fleetd"]).map(quoted).joined(separator: " ")
  }

  /// For constants: plain words stay as they are, so that the log of a node stays readable.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-./=_".contains($0)) }
    return isPlain ? word : "'\(word)'"
  }

  /// The script with its length before it and a line break behind it; the parameters follow.
  package static func framed(_ script: String) -> [UInt8] {
    let bytes = Array(script.utf8)
    return Array("\(bytes.count)\n".utf8) + bytes + [0x0A]
  }

  /// One line of tab-separated fields. Fields come from validated values that hold no control characters; should one
  /// slip through it is replaced, so that it can never become another line.
  package static func line(_ fields: [String]) -> [UInt8] {
    let safe = fields.map { field in
      String(
        String.UnicodeScalarView(field.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 })
      )
    }
    return Array(safe.joined(separator: "\t").utf8) + [0x0A]
  }
}
