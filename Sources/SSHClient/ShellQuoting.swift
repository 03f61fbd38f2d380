/// Quoting of words for a POSIX shell: the one place where a value becomes a part of a command line.
public enum ShellQuoting {
  /// `word` in single quotes, so that any POSIX shell hands it on unchanged: `it's` becomes `'it'\''s'`.
  ///
  /// A shell word cannot hold NUL: callers refuse such a value before they quote it. A leading dash survives quoting,
  /// so the command that receives the word needs `--` before it.
  public static func quote(_ word: String) -> String {
    var quoted = "'"
    // By scalar: "\r\n" is one Character, and a combining mark would hide an apostrophe from a comparison by Character.
    for scalar in word.unicodeScalars {
      if scalar == "'" {
        quoted += "'\\''"
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "'"
  }

  /// A command line in which the shell sees exactly `words`.
  public static func commandLine(_ words: [String]) -> String {
    words.map(quote).joined(separator: " ")
  }
}
