/// Tells what is secret in a line of fstab(5): everybody can read that file, and a plan shows it.
enum MountSecrets {
  /// `password=…` and `username=NAME%PASSWORD` (mount.cifs(8)), `secret=…` (mount.ceph(8)).
  static func isSecret(option: String) -> Bool {
    guard let equals = option.firstIndex(of: "=") else { return false }
    let key = option[..<equals].lowercased()
    if ["user", "username"].contains(key) { return option[equals...].contains("%") }
    return key.hasPrefix("pass") || key == "secret"
  }

  /// A password before the host: `//user:password@host/share`, `https://user:password@host/`.
  static func isSecret(device: String) -> Bool {
    guard let start = device.firstRange(of: "//") else { return false }
    let authority = device[start.upperBound...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return authority[..<at].contains(":")
  }
}
