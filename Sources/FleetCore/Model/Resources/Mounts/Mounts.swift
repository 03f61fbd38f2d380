package import YAMLSource

/// File systems: what /etc/fstab says for the next boot, and what is mounted now.
package struct Mounts: Resource {
  package static let kind = ResourceKind("mount")
  package static let field: Field? = Field(
    "mounts",
    .list(
      of: .object([
        Field("path", .text(.absolutePath), required: true, "Where it is mounted; the directory is made if need be."),
        Field("device", .text(.mountDevice), "UUID=…, LABEL=…, PARTUUID=…, a path, tmpfs, or SERVER:/PATH."),
        Field(
          "type", .text(.fileSystemType), "The type of file system: ext4, vfat, nfs, tmpfs, …; for a bind mount none."),
        Field("options", .list(of: .text(.mountOption), merge: .atomic), "Options in their order; default [defaults]."),
        Field("dump", .integer(0...1), "fstab's fifth field; default 0."),
        Field("pass", .integer(0...2), "fstab's sixth field, the order of checks at boot; default 0: none."),
        Field(
          "state",
          .choice(["mounted", "present", "absent"]),
          "mounted: in fstab and mounted; present: in fstab only; absent: neither. Default mounted."
        ),
      ]),
      merge: .map(key: "path")
    ),
    "File systems by the path at which they are mounted."
  )

  /// In the order of their paths: what is mounted inside another comes behind it.
  package let mounts: [Mount]

  package struct Mount: Sendable, Hashable {
    package enum State: Sendable, Hashable { case mounted, present, absent }

    package let path: String
    /// As fstab has it. Empty where the mount shall be absent.
    package let device: String
    package let type: String
    package let options: [String]
    package let dump: Int
    package let pass: Int
    package let state: State
    package let mark: YAMLMark?
  }

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Mounts? {
    let mounts = (entry?.sequence ?? []).compactMap { Mount(decoding: $0, &diagnostics) }
    return mounts.isEmpty ? nil : Mounts(mounts: mounts.sorted { $0.path < $1.path })
  }

  package var claims: [PathClaim] { mounts.map { PathClaim($0.path, at: $0.mark, as: .directory) } }
  package var declared: [String] { mounts.filter { $0.state != .absent }.map(\.path) }
  package var declaredAbsent: [String] { mounts.filter { $0.state == .absent }.map(\.path) }

  /// Per mount: the path, the same as the kernel's tables write it, the file that its device is (`-`: none).
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    mounts.map { [$0.path, FstabText.escape($0.path), $0.deviceFile ?? "-"] }
  }
}

extension Mounts.Mount {
  init?(decoding node: YAMLNode, _ diagnostics: inout Diagnostics) {
    guard let fields = node.mapping, let path = fields["path"]?.string else { return nil }
    self.init(
      path: path,
      device: fields["device"]?.string ?? "",
      type: fields["type"]?.string ?? "",
      options: fields["options"]?.sequence?.compactMap(\.string) ?? [],
      dump: Int(fields["dump"]?.int ?? 0),
      pass: Int(fields["pass"]?.int ?? 0),
      state: fields["state"]?.string == "absent" ? .absent : fields["state"]?.string == "present" ? .present : .mounted,
      mark: node.mark
    )
    if Self.isProtected(path) {
      diagnostics.report(
        at: fields["path"]?.mark ?? node.mark,
        "mounts \(path): the root file system, the firmware's and the kernel's own are not fleetd's to change",
        hint: "edit that line of /etc/fstab by hand, at the node's console"
      )
    }
    if type == "swap" || device == "swap" {
      diagnostics.report(at: node.mark, "mounts \(path): swap is no file system", hint: "see spec.swap")
    }
    guard state != .absent else { return }
    for (field, value) in [("device", device), ("type", type)] where value.isEmpty {
      diagnostics.report(
        at: node.mark, "mounts \(path): \"\(field)\" is missing", hint: "findmnt shows what is mounted and how")
    }
  }

  /// A mistake here keeps the machine from starting, or cuts the branch that it sits on.
  private static func isProtected(_ path: String) -> Bool {
    let path = SystemPaths.canonical(path)
    return ["/boot", "/boot/firmware", "/root", "/var", "/var/lib", "/var/lib/dpkg"].contains(path)
      || ["/dev", "/etc", "/proc", "/run", "/sys", "/usr", "/var/lib/fleetd"]
        .contains { SystemPaths.contains($0, path) }
  }

  /// The device as a file, where it is one.
  var deviceFile: String? {
    guard !options.contains("bind"), !options.contains("rbind"), !isNetwork else { return nil }
    for (tag, directory) in [
      ("UUID=", "by-uuid"), ("LABEL=", "by-label"), ("PARTUUID=", "by-partuuid"), ("PARTLABEL=", "by-partlabel"),
    ] where device.hasPrefix(tag) {
      return "/dev/disk/\(directory)/\(device.dropFirst(tag.count))"
    }
    return device.hasPrefix("/") ? device : nil
  }

  /// Whether a server must answer.
  var isNetwork: Bool {
    ["nfs", "nfs4", "cifs", "smb3", "glusterfs", "ceph", "fuse.sshfs"].contains(type) || options.contains("_netdev")
  }

  /// Whether a boot goes on without it.
  var mayFail: Bool { options.contains("nofail") || options.contains("noauto") }
}

extension TextRule {
  static let mountDevice = TextRule("a device such as UUID=1234-ABCD, /dev/sda1 or nas.lan:/export") { text in
    if text.isEmpty { return "is empty" }
    if text.hasPrefix("#") { return "begins with #" }
    if MountSecrets.isSecret(device: text) { return "holds a password: name a file of it, as credentials=PATH" }
    return text.utf8.count > 1024 ? "is longer than 1024 bytes" : nil
  }

  static let fileSystemType = word("a type of file system such as ext4", rest: .init("._-"), length: 32)

  /// mount(8); a comma would make two of it.
  static let mountOption = TextRule("one mount option") { text in
    if text.isEmpty { return "is empty" }
    if text.contains(where: { $0.isWhitespace || $0 == "," }) {
      return "holds a comma or white space: write one an entry"
    }
    if MountSecrets.isSecret(option: text) { return "holds a secret: name a file of them, as credentials=PATH" }
    return text.utf8.count > 512 ? "is longer than 512 bytes" : nil
  }
}
