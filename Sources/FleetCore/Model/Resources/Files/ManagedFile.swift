package import YAMLSource

/// One file as it shall be.
package struct ManagedFile: Sendable {
  /// The kind that its changes belong to: files, or the kind whose own file it is.
  package let kind: ResourceKind
  package let path: String
  package let content: Content
  /// Four octal digits.
  package let mode: String
  package let owner: String
  package let group: String
  /// argv with one `%s`; empty: none.
  package let validate: [String]
  /// Unit names with their suffix, sorted.
  package let notify: [String]
  package let isAbsent: Bool
  package let mark: YAMLMark?

  package init(
    kind: ResourceKind = Files.kind,
    path: String,
    content: Content,
    mode: String,
    owner: String = "root",
    group: String = "root",
    validate: [String] = [],
    notify: [String] = [],
    isAbsent: Bool = false,
    mark: YAMLMark? = nil
  ) {
    self.kind = kind
    self.path = path
    self.content = content
    self.mode = mode
    self.owner = owner
    self.group = group
    self.validate = validate
    self.notify = notify
    self.isAbsent = isAbsent
    self.mark = mark
  }

  /// The same file with another content.
  func holding(_ content: Content) -> ManagedFile {
    ManagedFile(
      kind: kind, path: path, content: content, mode: mode, owner: owner, group: group, validate: validate,
      notify: notify, isAbsent: isAbsent, mark: mark)
  }

  init?(decoding node: YAMLNode, _ diagnostics: inout Diagnostics) {
    guard let entries = node.mapping, let path = entries["path"]?.string else { return nil }
    let isAbsent = entries["state"]?.string == "absent"
    let content: Content
    switch entries["content"] {
    case .some(let value) where value.mapping != nil:
      content = Content(secret: SecretReference(value.mapping?["secret"]?.string ?? ""))
    case .some(let value):
      content = Content(value.string ?? "")
    case nil:
      content = Content("")
      if !isAbsent {
        diagnostics.report(
          at: node.mark,
          "files \(path): \"content\" is missing",
          hint: "write the content, \"\" for an empty file, or state: absent"
        )
      }
    }
    let validate = entries["validate"]?.sequence?.compactMap(\.string) ?? Self.defaultValidation(of: path)
    if !validate.isEmpty, validate.filter({ $0 == "%s" }).count != 1 {
      diagnostics.report(
        at: entries["validate"]?.mark ?? node.mark,
        "files \(path): \"validate\" needs %s once, as an argument of its own",
        hint: "such as validate: [sshd, -t, -f, \"%s\"]"
      )
    }
    Self.reportLockOut(path, isAbsent: isAbsent, at: node.mark, &diagnostics)
    let declared = entries["notify"]?.string.map { [$0] } ?? entries["notify"]?.sequence?.compactMap(\.string) ?? []
    let notify = declared + (AccessUnits.isRead(path) ? [AccessUnits.service] : [])
    self.init(
      path: path,
      content: content,
      mode: entries["mode"]?.string ?? (content.secrets.isEmpty ? "0644" : "0600"),
      owner: entries["owner"]?.string ?? "root",
      group: entries["group"]?.string ?? "root",
      validate: validate,
      notify: Set(notify.map(UnitName.complete)).sorted(),
      isAbsent: isAbsent,
      mark: node.mark
    )
  }

  /// The tools that know: a broken file of theirs locks everybody out.
  private static func defaultValidation(of path: String) -> [String] {
    if path == "/etc/sudoers" || path.hasPrefix("/etc/sudoers.d/") { return ["visudo", "-c", "-q", "-f", "%s"] }
    if path == "/etc/ssh/sshd_config" || path.hasPrefix("/etc/ssh/sshd_config.d/") {
      return ["/usr/sbin/sshd", "-t", "-f", "%s"]
    }
    return []
  }

  /// Whether a mistake in this file can lock fleetd out of the node.
  var guardsAccess: Bool {
    let trees = [
      "/etc/ssh/", "/etc/sudoers.d/", "/etc/pam.d/", "/etc/network/", "/etc/netplan/", "/etc/NetworkManager/",
      "/etc/systemd/network/", "/etc/security/", "/etc/dhcpcd.conf", "/etc/sudoers", "/etc/nsswitch.conf",
      "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hosts.allow", "/etc/hosts.deny", "/etc/nftables.conf",
      "/etc/iptables/", "/etc/ld.so.preload",
    ]
    if AccessUnits.isRead(path) || path.hasSuffix("/.ssh/authorized_keys") { return true }
    return trees.contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 }
  }
}
