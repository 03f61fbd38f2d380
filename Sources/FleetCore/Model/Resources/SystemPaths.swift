/// Places of a node that no declaration may take away, give away or hide: with them the machine, or fleetd's way in, goes.
///
/// What is asked here is a spelling. Only those that every Debian has twice (a merged /usr, /run) are made one.
enum SystemPaths {
  /// "/bin/sh" -> "/usr/bin/sh".
  static func canonical(_ path: String) -> String {
    for (link, target) in links where path == link || path.hasPrefix(link + "/") {
      return target + path.dropFirst(link.count)
    }
    return path
  }

  private static let links = [
    ("/bin", "/usr/bin"), ("/sbin", "/usr/sbin"), ("/lib", "/usr/lib"), ("/lib32", "/usr/lib32"),
    ("/lib64", "/usr/lib64"), ("/libx32", "/usr/libx32"), ("/var/run", "/run"), ("/var/lock", "/run/lock"),
  ]

  /// Why nothing is declared at or below `path`, by no kind; `nil`: something may be.
  static func reservation(of path: String) -> String? {
    let path = canonical(path)
    if let kernels = ["/proc", "/sys", "/dev"].first(where: { contains($0, path) }) {
      return "\(kernels) is the kernel's: what is there is no file of the node, or stands for one of another path"
    }
    return ["/var/lib/fleetd", "/run/fleetd"].first { contains($0, path) }.map { "\($0) is fleetd's own on the node" }
  }

  /// Whether `path` is what sshd, sudo or PAM decide by: who gets in, and who becomes root.
  static func decidesAccess(_ path: String) -> Bool {
    let files = ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers", "/etc/nsswitch.conf"]
    return files.contains(path) || path.hasSuffix("/.ssh") || path.hasSuffix("/.ssh/authorized_keys")
      || isPolicy(path)
  }

  /// Whether `path` is one of the folders of ssh, sudo and PAM, or in it.
  static func isPolicy(_ path: String) -> Bool {
    ["/etc/ssh", "/etc/sudoers.d", "/etc/pam.d", "/etc/security"].contains { contains($0, path) }
  }

  /// Whether a file of this name alone keeps everybody but root from logging in: see pam_nologin(8).
  static func isNoLogin(_ path: String) -> Bool { ["/etc/nologin", "/run/nologin"].contains(canonical(path)) }

  /// Whether `path` belongs to the system's packages, links among them: /bin, /usr/bin/sh, the dynamic linker.
  static func isDistributions(_ path: String) -> Bool {
    let path = canonical(path)
    guard contains("/usr", path) else { return false }
    return !["/usr/local/", "/usr/share/", "/usr/src/"].contains { path.hasPrefix($0) }
  }

  /// "/a/b/c" -> "/a", "/a/b".
  static func ancestors(of path: String) -> [String] {
    let parts = path.split(separator: "/").dropLast()
    return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
  }

  /// Whether `path` is `folder` or below it.
  static func contains(_ folder: String, _ path: String) -> Bool { path == folder || path.hasPrefix(folder + "/") }
}
