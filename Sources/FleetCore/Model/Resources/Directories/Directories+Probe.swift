extension Directories {
  /// One stat(1) for all directories; what else stands at a path is told by the shell itself.
  ///
  /// `path_type PATH` sets $path_type without starting a process; the kinds `link` and `mount` use it too.
  package static let probe = ProbeFragment(
    #"""
    path_type() {
      if [ -L "$1" ]; then path_type=link
      elif [ -d "$1" ]; then path_type=directory
      elif [ -f "$1" ]; then path_type=file
      elif [ -e "$1" ]; then path_type=special
      else path_type=absent
      fi
    }
    probe_directory() {
      directory_left=$1; set --
      while [ "$directory_left" -gt 0 ]; do
        IFS=$tab read -r directory_state directory_path || return 65
        directory_left=$((directory_left - 1))
        path_type "$directory_path"
        emit path "$path_type$tab$directory_path"
        [ "$path_type" = directory ] || continue
        set -- "$@" "$directory_path"
        if [ "$directory_state" = absent ]; then
          directory_names=$(find "$directory_path" -mindepth 1 -maxdepth 1 -printf . | head -c 10000) || return 1
          emit entries "${#directory_names}$tab$directory_path"
        fi
      done
      [ $# -gt 0 ] || return 0
      directory_stats=$(stat -c "%a$tab%U$tab%G" -- "$@") || return 1
      emit stats "$directory_stats"
    }
    """#
  )

  package enum ObservedDirectory: Sendable, Hashable {
    case absent
    case directory(Attributes)
    /// "a regular file", "a symbolic link".
    case other(String)
  }

  package struct Attributes: Sendable, Hashable {
    /// Octal, as stat(1) writes it: without leading zeros.
    package let mode: String
    package let owner: String
    package let group: String
    /// How many names it holds, at most 10,000; counted where it shall be absent only.
    package let entries: Int?
  }

  /// Records `path` (type, path) in the order of the request, `entries` (number, path), and `stats`, which has a line for
  /// each directory among them.
  package static func parse(_ section: ProbeSection) throws(ProbeError) -> [String: ObservedDirectory] {
    var stats = section.table("stats")[...]
    var entries: [String: Int] = [:]
    for row in try rows("entries", of: section) { entries[row.path] = Int(row.word) }
    var observed: [String: ObservedDirectory] = [:]
    for row in try rows("path", of: section) {
      switch row.word {
      case "absent": observed[row.path] = .absent
      case "directory":
        guard let fields = stats.popFirst(), fields.count == 3 else { throw .missing(section: "directory.stats") }
        observed[row.path] = .directory(
          Attributes(mode: fields[0], owner: fields[1], group: fields[2], entries: entries[row.path])
        )
      default: observed[row.path] = .other(PathType.description(of: row.word))
      }
    }
    return observed
  }

  private static func rows(
    _ key: String,
    of section: ProbeSection
  ) throws(ProbeError) -> [(word: String, path: String)] {
    var rows: [(String, String)] = []
    for record in section.records where record.key == key {
      rows.append(try PathType.fields(of: record.bytes))
    }
    return rows
  }
}

/// The answer of the probe's `path_type`.
enum PathType {
  /// A word and the path that it is about, with a tab between them.
  static func fields(of bytes: [UInt8]) throws(ProbeError) -> (word: String, path: String) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let tab = text.firstIndex(of: "\t") else { throw .garbled("path record \"\(text)\"") }
    return (String(text[..<tab]), String(text[text.index(after: tab)...]))
  }

  static func description(of word: String) -> String {
    switch word {
    case "link": "a symbolic link"
    case "file": "a regular file"
    case "directory": "a directory"
    default: "no regular file, link or directory"
    }
  }
}
