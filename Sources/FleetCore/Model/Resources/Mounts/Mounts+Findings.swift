extension Mounts.Mount {
  /// Refused: nothing is done about this mount. Blocked: it cannot be mounted now.
  func obstacles(_ observed: Mounts.Tables) -> [Finding] {
    if let place = observed.elsewhere[path] {
      return [refused("\(path) goes through a link and is \(place)", next: "declare \(place) instead")]
    }
    guard state != .absent else { return [] }
    let type = observed.types[path] ?? "absent"
    if type != "directory", type != "absent" {
      let what = PathType.description(of: type)
      return [refused("\(path) is \(what) on the node, not a directory", next: "move it away, or choose another path")]
    }
    var findings: [Finding] = []
    if deviceFile != nil, !observed.devices.contains(path) { findings.append(missingDevice) }
    if !mayFail, deviceFile != nil || isNetwork { findings.append(withoutNofail) }
    return findings
  }

  /// A mount over the account's home, or in it, hides the keys that it logs in with, after a reboot as well. What is as
  /// declared already hides nothing; `nil` then.
  func hides(_ account: String, _ observed: Mounts.Tables) -> Finding? {
    let keys = (account == "root" ? "/root" : "/home/\(account)") + "/.ssh/authorized_keys"
    let fstab = FstabText(String(decoding: observed.fstab ?? [], as: UTF8.self))
    guard SystemPaths.contains(path, keys), persistentChange(fstab) != nil || liveChange(observed) != nil else {
      return nil
    }
    return Finding(
      .refused,
      .accountInUse,
      Mounts.kind,
      "\(path): \(account) logs in with keys that are there, and they would be others or none",
      next:
        "change this mount by hand at the node's console, with a copy of \(keys) on the device; fleetd then keeps it"
    )
  }

  private func refused(_ message: String, next: String) -> Finding {
    Finding(.refused, .pathOccupied, Mounts.kind, message, next: next)
  }

  private var missingDevice: Finding {
    let consequence = mayFail ? "" : "; it is not written to fstab either, as the node would not start without it"
    return Finding(
      .blocked,
      .deviceNotFound,
      Mounts.kind,
      "\(path): there is no \(device) on the node\(consequence)",
      next: "plug it in, or correct the device (lsblk -f lists them); a disk that may be away wants the option nofail"
    )
  }

  private var withoutNofail: Finding {
    Finding(
      .note,
      .notice,
      Mounts.kind,
      "\(path): without nofail, a boot at which \(device) is away ends in the emergency mode, without ssh",
      next: isNetwork ? "add nofail and _netdev, or x-systemd.automount" : "add nofail, unless nothing works without it"
    )
  }
}
