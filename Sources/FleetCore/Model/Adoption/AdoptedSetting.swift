import YAMLSource

/// One value for the `spec` of a Profile or a Node, read from a node. Small enough that nodes can be compared by it:
/// one package, one file, one controller.
struct AdoptedSetting: Sendable {
  enum Place: Sendable {
    /// The value of the last key of the path.
    case entry
    /// An item of the list under the last key of the path.
    case item
  }

  /// Keys below `spec`.
  let path: [String]
  let place: Place
  let value: YAMLNode
  /// Above the value; empty: none.
  let comment: String

  init(_ path: [String], _ value: YAMLNode, as place: Place = .entry, comment: String = "") {
    self.path = path
    self.place = place
    self.value = value
    self.comment = comment
  }

  private func isSame(as other: AdoptedSetting) -> Bool {
    path == other.path && comment == other.comment && value.hasSameContent(as: other.value)
  }

  /// What all nodes have alike, and what is left to each.
  static func shared(_ nodes: [[AdoptedSetting]]) -> (common: [AdoptedSetting], own: [[AdoptedSetting]]) {
    guard let first = nodes.first else { return ([], []) }
    let common = first.filter { setting in nodes.allSatisfy { $0.contains(where: setting.isSame) } }
    return (common, nodes.map { node in node.filter { setting in !common.contains(where: setting.isSame) } })
  }

  /// The settings as the inside of a `spec`, in their order.
  static func parts(_ settings: [AdoptedSetting], below depth: Int = 0) -> [YAMLDraft.Part] {
    var keys: [String] = []
    for setting in settings where !keys.contains(setting.path[depth]) { keys.append(setting.path[depth]) }
    return keys.flatMap { key -> [YAMLDraft.Part] in
      let members = settings.filter { $0.path[depth] == key }
      let here = members.filter { $0.path.count == depth + 1 }
      guard let first = here.first else { return [.entry(key, .mapping(parts(members, below: depth + 1)))] }
      switch first.place {
      case .entry: return comment(first) + [.entry(key, .value(first.value))]
      case .item where here.allSatisfy { $0.comment.isEmpty && $0.value.scalar != nil }:
        return [.entry(key, .value(YAMLNode(.sequence(here.map(\.value)), mark: first.value.mark)))]
      case .item: return [.entry(key, .list(here.flatMap { comment($0) + [.item($0.item)] }))]
      }
    }
  }

  private static func comment(_ setting: AdoptedSetting) -> [YAMLDraft.Part] {
    setting.comment.isEmpty ? [] : [.comment(setting.comment)]
  }

  /// A mapping in a list stands as a block, an entry a line.
  private var item: YAMLDraft {
    guard let entries = value.mapping?.entries else { return .value(value) }
    return .mapping(entries.map { .entry($0.key, .value($0.value)) })
  }
}

/// Values for settings; nobody wrote them.
enum AdoptedValue {
  private static let mark = YAMLMark(source: YAMLSourceFile(name: "adoption", bytes: []), line: 1, column: 1)

  static func string(_ text: String) -> YAMLNode { YAMLNode(.scalar(.string(text)), mark: mark) }
  static func bool(_ value: Bool) -> YAMLNode { YAMLNode(.scalar(.bool(value)), mark: mark) }

  static func mapping(_ entries: [(key: String, value: YAMLNode)]) -> YAMLNode {
    YAMLNode(
      .mapping(YAMLMapping(entries: entries.map { .init(key: $0.key, keyNode: string($0.key), value: $0.value) })),
      mark: mark
    )
  }
}
