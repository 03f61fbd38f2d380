import Glibc

/// Paths of this machine.
enum AbsolutePath {
  /// Links resolved; `nil`: it does not exist.
  static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
