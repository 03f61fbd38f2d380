import YAMLSource

extension JSONText {
  /// As YAML in block style, for a diff that a person reads; ends in a line feed.
  var yaml: String {
    guard members?.isEmpty != true else { return "" }
    return YAMLEmitter.emit(yamlNode)
  }

  private var yamlNode: YAMLNode {
    let value: YAMLNode.Value =
      switch self {
      case .object(let members):
        .mapping(
          YAMLMapping(
            entries: members.map { member in
              .init(
                key: member.key, keyNode: YAMLNode(.scalar(.string(member.key)), mark: K3sYAML.mark),
                value: member.value.yamlNode)
            }))
      case .array(let items): .sequence(items.map(\.yamlNode))
      case .string(let text): .scalar(.string(text))
      case .integer(let number): .scalar(.int(number))
      case .number(let number): .scalar(YAMLScalar(text: "\(number)", style: .plain, resolved: .float(number)))
      case .boolean(let flag): .scalar(.bool(flag))
      case .null: .scalar(.null)
      }
    return YAMLNode(value, mark: K3sYAML.mark)
  }
}
