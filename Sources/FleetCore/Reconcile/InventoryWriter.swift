import FoundationEssentials
import Glibc

/// Replaces a file of the inventory, for a person who asked for it: whole or not at all, with the rights that it has.
package enum InventoryWriter {
  package static func replace(_ path: String, with bytes: [UInt8]) throws(RunFailure) {
    let new = "\(path).fleetd-new"
    try? FileManager.default.removeItem(atPath: new)
    try NewFile.write(bytes, to: new)
    var status = stat()
    // The account that owns the checkout shall own it still, where this one may give it back.
    if stat(path, &status) == 0 {
      _ = chown(new, status.st_uid, status.st_gid)
      _ = chmod(new, status.st_mode & 0o7777)
    }
    guard rename(new, path) == 0 else {
      let problem = String(cString: strerror(errno))
      try? FileManager.default.removeItem(atPath: new)
      throw RunFailure("\(path) cannot be replaced: \(problem)", next: "may this account write there?")
    }
  }
}
