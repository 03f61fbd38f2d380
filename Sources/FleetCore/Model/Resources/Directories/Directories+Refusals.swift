/// Directories by whose mode or owner nobody gets in any more: sshd reads the keys as the account, its StrictModes and
/// sudo look at every directory on their way, and no login finds a program that it may not reach.
extension Directories.Directory {
  /// What is wrong with it for `account`, which lives in `home`; `nil`: nothing is.
  func lockout(of account: String, home: String) -> String? {
    let path = SystemPaths.canonical(path)
    let isOwn = path == home || path == home + "/.ssh"
    guard isOwn || Self.isSystems(path) || SystemPaths.ancestors(of: home).contains(path) else { return nil }
    if isAbsent { return "must not be absent" }
    // The last three digits: the owner's, the group's and the others' bits (4 read, 2 write, 1 enter).
    let bits = mode.suffix(3).compactMap(\.wholeNumberValue)
    guard bits.count == 3 else { return nil }
    if (bits[1] | bits[2]) & 2 != 0 { return "must be writable by its owner only" }
    let owners = isOwn ? ["root", account] : ["root"]
    guard owners.contains(owner) else { return "must belong to \(owners.joined(separator: " or "))" }
    guard bits[0] & 5 == 5 else { return "must be readable by its owner" }
    if isOwn, owner == account || (group == account && bits[1] & 1 != 0) { return nil }
    if Self.isRootsAlone(path), !isOwn { return nil }
    return bits[2] & 1 != 0 ? nil : "must let everybody through (x for others)"
  }

  private static func isSystems(_ path: String) -> Bool {
    let exact = [
      "/boot", "/boot/firmware", "/etc", "/etc/apt", "/etc/default", "/etc/systemd", "/etc/systemd/system", "/home",
      "/root", "/run", "/run/sshd", "/run/systemd", "/var", "/var/lib", "/var/lib/dpkg", "/var/lib/systemd",
    ]
    return exact.contains(path) || SystemPaths.isDistributions(path) || SystemPaths.isPolicy(path)
  }

  /// Nobody else goes through these.
  private static func isRootsAlone(_ path: String) -> Bool {
    SystemPaths.contains("/root", path) || SystemPaths.contains("/etc/sudoers.d", path)
      || SystemPaths.contains("/boot", path) || path.hasSuffix("/.ssh")
  }
}
