import FleetApply
import FleetModel
import FleetReconcile
import FleetRecord
import FoundationEssentials

/// What a backup of this control node holds, and where it goes when it is put back.
struct ControlNodeBackup {
  private let state: String
  private let store: String
  private let knownHosts: String

  init(_ configuration: ControlNodeConfiguration) {
    state = StateDirectory.path(configuration)
    store = StateDirectory.store(configuration)
    knownHosts = ControlNodeFiles(configuration).knownHostsPath
  }

  /// Folders of the state directory that are small and cannot be made again: tokens, which cluster is known, a restore that
  /// is under way, host keys of nodes.
  private static let folders = ["tokens", "clusters", "restores", "host-keys"]
  private static let hostKeys = "known_hosts"
  /// While it stands there, a restore has begun and not ended.
  private static let mark = ".restoring"

  /// Writes the backup; what is in it, and what is not.
  func write(to path: String) throws -> (held: [String], left: [String]) {
    let files = try files()
    let hasStore = FileStatus(of: store) != nil
    // An older store is brought up to date first.
    try StoreBackup.write(hasStore ? FleetStore(at: store) : nil, files, to: path)
    var left: [String] = []
    let snapshots = count(below: "snapshots", ending: ".db")
    if snapshots > 0 { left.append("\(state)/snapshots: \(snapshots) of the cluster; copy them by themselves") }
    left.append("the control node's configuration, and the keys and secrets that it names")
    return ((hasStore ? ["the store"] : []) + files.map(\.path), left)
  }

  /// Puts a backup back; what was restored. Goes on with an earlier restore of the same backup that stopped.
  func restore(from path: String) throws -> [String] {
    let files = try StoreBackup.files(of: path)
    try requireEmpty()
    try writing { () throws(NodeFailure) in
      try PrivateFile.makeDirectory(state)
      try PrivateFile.write([], to: "\(state)/\(Self.mark)")
    }
    var restored = ["the store"]
    for file in files {
      let target = file.path == Self.hostKeys ? knownHosts : "\(state)/\(file.path)"
      if file.path == Self.hostKeys, FileStatus(of: target) != nil, PrivateFile.read(target) != file.bytes {
        Console.note("\(target) is there already and stays as it is\n  = fleetd trust NODE shows what a node offers")
        continue
      }
      try writing { () throws(NodeFailure) in
        try PrivateFile.makeDirectory(URL(filePath: target).deletingLastPathComponent().path)
        try PrivateFile.write(file.bytes, to: target)
      }
      restored.append(target)
    }
    if FileStatus(of: store) == nil { try StoreBackup.restoreStore(of: path, to: store) }
    try writing { () throws(NodeFailure) in try PrivateFile.remove("\(state)/\(Self.mark)") }
    return restored
  }

  private func files() throws -> [StoreBackup.File] {
    var files: [StoreBackup.File] = []
    for folder in Self.folders {
      for name in names(below: folder) {
        guard let bytes = PrivateFile.read("\(state)/\(folder)/\(name)") else {
          throw RunFailure("\(state)/\(folder)/\(name) cannot be read", next: "may this account read it?")
        }
        files.append(.init(path: "\(folder)/\(name)", bytes: bytes))
      }
    }
    if FileStatus(of: knownHosts) != nil {
      guard let bytes = PrivateFile.read(knownHosts, limit: 16 << 20) else {
        throw RunFailure("\(knownHosts) cannot be read", next: "may this account read it?")
      }
      files.append(.init(path: Self.hostKeys, bytes: bytes))
    }
    return files
  }

  private func requireEmpty() throws(RunFailure) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: state)) ?? []
    // Locks hold nothing; host keys may be configured to stand here, and are never replaced.
    let others = names.filter { name in
      name != "locks" && "\(state)/\(name)" != knownHosts
    }
    guard !others.isEmpty, !others.contains(Self.mark) else { return }
    throw RunFailure(
      "\(state) is not empty: \(others.sorted().prefix(5).joined(separator: ", "))",
      next: "a backup is put back onto a new control node only; move the directory away first if it shall go")
  }

  /// Without what an interrupted write left.
  private func names(below folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(state)/\(folder)")) ?? []
    return names.filter { !$0.hasSuffix(".fleetd-new") }.sorted()
  }

  private func count(below folder: String, ending: String) -> Int {
    names(below: folder).reduce(0) { $0 + names(below: "\(folder)/\($1)").count { $0.hasSuffix(ending) } }
  }

  private func writing(_ work: () throws(NodeFailure) -> Void) throws(RunFailure) {
    do throws(NodeFailure) { try work() } catch { throw RunFailure(error.message, next: error.next) }
  }
}
