/// systemd's unit names.
package enum UnitName {
  /// `bluetooth` means `bluetooth.service`, as for systemctl(1).
  package static func complete(_ name: String) -> String {
    let suffixes = [
      "service", "socket", "device", "mount", "automount", "swap", "target", "path", "timer", "slice", "scope",
    ]
    let hasSuffix = suffixes.contains { name.hasSuffix("." + $0) }
    return hasSuffix ? name : name + ".service"
  }

  /// As a person says it: a service without its suffix.
  package static func brief(_ name: String) -> String {
    name.hasSuffix(".service") ? String(name.dropLast(".service".count)) : name
  }
}
