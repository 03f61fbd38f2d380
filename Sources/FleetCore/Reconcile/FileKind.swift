import FoundationEssentials

/// What stands at a path, links not followed.
enum FileKind: Sendable, Hashable {
  case regular
  case directory
  /// A symbolic link, a socket, a device.
  case other
  case absent

  init(at path: String) {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
      self = .absent
      return
    }
    switch attributes[.type] as? FileAttributeType {
    case .typeRegular: self = .regular
    case .typeDirectory: self = .directory
    default: self = .other
    }
  }
}
