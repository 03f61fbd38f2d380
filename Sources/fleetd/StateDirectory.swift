import FleetModel
import FleetReconcile
import Glibc

/// Where the control node keeps what must outlive a run: which clusters it knows, tokens that it made, snapshots.
enum StateDirectory {
  /// Beside the configured store; else `$STATE_DIRECTORY`, as systemd gives it; else /var/lib/fleetd for root and
  /// ~/.local/state/fleetd for others. An absolute path without a slash at its end; it need not be there.
  static func path(_ configuration: ControlNodeConfiguration) -> String {
    if let store = configuration.store, let slash = store.lastIndex(of: "/"), slash != store.startIndex {
      return String(store[..<slash])
    }
    if let given = Console.variable("STATE_DIRECTORY")?.split(separator: ":").first { return String(given) }
    if geteuid() == 0 { return "/var/lib/fleetd" }
    return (Console.variable("XDG_STATE_HOME") ?? "\(Console.variable("HOME") ?? "/root")/.local/state") + "/fleetd"
  }

  /// Root could write into another account's directory, and what it wrote would then be out of that account's reach.
  static func requireOwn(_ directory: String) throws(RunFailure) {
    var status = stat()
    guard geteuid() == 0, stat(directory, &status) == 0, status.st_uid != 0 else { return }
    let account = getpwuid(status.st_uid).map { String(cString: $0.pointee.pw_name) } ?? "\(status.st_uid)"
    throw RunFailure(
      "\(directory) belongs to the account \(account), and what root leaves there would be out of its reach",
      next: "run it as that account: sudo -u \(account) fleetd …")
  }

  /// The store of what fleetd did: the configured one, else `fleetd.db` in the state directory.
  static func store(_ configuration: ControlNodeConfiguration) -> String {
    configuration.store ?? "\(path(configuration))/fleetd.db"
  }
}
