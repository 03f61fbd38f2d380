/// Which file the firmware reads, or why that cannot be said.
package struct BootObservation: Sendable {
  package let file: Result<CommandLineFile, Finding>

  package init(_ section: ProbeSection) {
    file = Self.select(section)
  }

  private static func select(_ section: ProbeSection) -> Result<CommandLineFile, Finding> {
    if let mountPoint = section.word("unmounted") {
      return refused(
        "\(mountPoint) stands in /etc/fstab but is not mounted: what is written there now would be lost",
        next: "mount \(mountPoint)"
      )
    }
    var decoy: String?
    for (index, path) in CommandLineFile.candidates.enumerated() {
      guard let bytes = section.bytes("file/\(index)") else { continue }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return refused("\(path) holds bytes that are no text", next: "look at the file; a backup may be beside it")
      }
      if text.contains("DO NOT EDIT") {
        decoy = path
        continue
      }
      return check(CommandLineFile(path: path, bytes: bytes), section)
    }
    let found = decoy.map { "only \($0), which says itself that it is not the one" } ?? "none of the known files"
    return .failure(
      Finding(
        .refused,
        .cmdlineNotFound,
        Boot.kind,
        "found \(found): fleetd looks for \(CommandLineFile.candidates.joined(separator: ", "))",
        next: "leave boot.cmdline out for machines without a Raspberry Pi's firmware"
      )
    )
  }

  private static func check(_ file: CommandLineFile, _ section: ProbeSection) -> Result<CommandLineFile, Finding> {
    guard file.tokens.contains(where: { $0.hasPrefix("root=") }) else {
      return refused("the first line of \(file.path) has no root=", next: "look at the file; a backup may be beside it")
    }
    for line in (section.text("redirect") ?? "").split(separator: "\n") {
      let setting = line.trimmingWhitespace()
      if setting == "os_prefix=current/", file.path.contains("/current/") { continue }
      return refused(
        "config.txt says \"\(setting)\", so the firmware may read another file than \(file.path)",
        next: "edit that file by hand, or remove the line from config.txt"
      )
    }
    return .success(file)
  }

  private static func refused(_ message: String, next: String) -> Result<CommandLineFile, Finding> {
    .failure(Finding(.refused, .cmdlineUnsafe, Boot.kind, message, next: next))
  }
}

extension Finding: Error {}

extension Boot {
  package static let probe = ProbeFragment(
    #"""
    probe_boot() {
      boot_index=0
      for boot_path in /boot/firmware/current/cmdline.txt /boot/firmware/cmdline.txt /boot/cmdline.txt; do
        if [ -f "$boot_path" ]; then emit_file "file/$boot_index" "$boot_path" 16384; fi
        boot_index=$((boot_index + 1))
      done
      if [ -f /boot/firmware/config.txt ]; then
        emit redirect "$(grep -E '^[[:space:]]*(cmdline|os_prefix)=' /boot/firmware/config.txt)"
      fi
      emit_unmounted_boot
    }
    # The boot partition where it stands in fstab and is not mounted; the kind `bootconfig` asks this too.
    emit_unmounted_boot() {
      boot_mounts=; slurp /proc/mounts && boot_mounts=$slurped
      if slurp /etc/fstab; then
        while read -r boot_device boot_point boot_rest; do
          case $boot_device in '#'*) continue ;; esac
          case $boot_point in /boot/firmware | /boot) ;; *) continue ;; esac
          case $boot_mounts in *" $boot_point "*) ;; *) emit unmounted "$boot_point" ;; esac
        done < /etc/fstab
      fi
      return 0
    }
    """#
  )
}
