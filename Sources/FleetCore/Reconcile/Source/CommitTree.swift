import FleetApply
import FleetModel

/// The files of one commit below some directories, in memory: never a half-edited working tree.
///
/// They are read by `ls-tree` and `cat-file`, which run no filter and expand no attribute.
struct CommitTree: StateFiles {
  private struct Entry {
    let kind: FileStatus.Kind
    let object: String
    let size: Int
  }

  private var entries: [String: Entry] = [:]
  /// Names by directory; "" is the root.
  private var directories: [String: Set<String>] = [:]
  private var contents: [String: [UInt8]] = [:]

  private static let mostEntries = 50_000
  private static let mostListing = 16 << 20
  /// What all files that are read may come to.
  private static let mostBytes = 64 << 20

  /// Lists the whole commit; what its files hold is loaded by `load(below:)`.
  init(of commit: String, in checkout: String) async throws(Git.Problem) {
    let listing = try await Git.bytes(
      of: ["ls-tree", "-r", "-z", "--long", "--full-tree", commit], in: checkout, atMost: Self.mostListing)
    for line in listing.split(separator: 0) { add(String(decoding: line, as: UTF8.self)) }
    guard entries.count <= Self.mostEntries else {
      throw Git.Problem(message: "the commit holds more than \(Self.mostEntries) files", isFromGit: false)
    }
  }

  /// `<mode> <type> <object> <size>\t<path>`
  private mutating func add(_ line: String) {
    guard let tab = line.firstIndex(of: "\t") else { return }
    let fields = line[..<tab].split(separator: " ")
    guard fields.count == 4 else { return }
    let path = String(line[line.index(after: tab)...])
    let isFile = fields[0] == "100644" || fields[0] == "100755" || fields[0] == "100664"
    entries[path] = Entry(kind: isFile ? .regular : .other, object: String(fields[2]), size: Int(fields[3]) ?? 0)
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    while let name = parts.popLast() {
      let isKnown = !directories[parts.joined(separator: "/"), default: []].insert(name).inserted
      if isKnown { return }
    }
  }

  /// Reads the files below a directory for which `isWanted` says so by path and size.
  mutating func load(
    below directory: String, of checkout: String, where isWanted: @Sendable (String, Int) -> Bool
  ) async throws(Git.Problem) {
    let wanted = entries.filter { path, entry in
      path.hasPrefix(directory + "/") && entry.kind == .regular && contents[path] == nil && isWanted(path, entry.size)
    }
    guard !wanted.isEmpty else { return }
    let size = wanted.values.reduce(0) { $0 + $1.size }
    guard size <= Self.mostBytes else {
      throw Git.Problem(
        message:
          "\(directory)/ of the commit holds \(size >> 20) MiB of files, and \(Self.mostBytes >> 20) MiB are read",
        isFromGit: false)
    }
    let files = wanted.sorted { $0.key < $1.key }
    let answer = try await Git.bytes(
      of: ["cat-file", "--batch", "--buffer"], in: checkout,
      reading: Array(files.map { $0.value.object + "\n" }.joined().utf8), atMost: size + files.count * 100)
    var rest = answer[...]
    for (path, entry) in files {
      // `<object> blob <size>\n<bytes>\n`
      guard let end = rest.firstIndex(of: 0x0A),
        String(decoding: rest[..<end], as: UTF8.self) == "\(entry.object) blob \(entry.size)",
        rest.endIndex - end > entry.size + 1
      else { throw Git.Problem(message: "the object of \(path) is missing", isFromGit: true) }
      let start = end + 1
      contents[path] = Array(rest[start..<start + entry.size])
      rest = rest[(start + entry.size + 1)...]
    }
  }

  func kind(of path: String) -> FileStatus.Kind? {
    directories[path] != nil ? .directory : entries[path]?.kind
  }

  func size(of path: String) -> Int { entries[path]?.size ?? 0 }

  func names(in directory: String) -> [String]? { directories[directory].map(Array.init) }

  func bytes(of path: String) -> [UInt8]? { contents[path] }
}
