import Subprocess
import SystemPackage

extension Executable {
  /// The program of a command line that a configuration gives word by word, at least one: a path as it is, a name
  /// looked up in PATH.
  init(of words: [String]) {
    self = words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0])
  }
}
