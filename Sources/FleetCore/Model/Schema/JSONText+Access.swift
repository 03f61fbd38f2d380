extension JSONText {
  package var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  package var items: [JSONText]? { if case .array(let items) = self { items } else { nil } }
  package var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The member of an object; of several with one key the last, as Kubernetes' reader has it.
  package subscript(key: String) -> JSONText? { members?.last { $0.key == key }?.value }

  /// The value at the end of a path of members.
  package func at(_ path: String...) -> JSONText? {
    path.reduce(self) { value, key in value?[key] }
  }

  /// The same object with another value at `path`, whose objects are made where they are missing; `nil` takes it away.
  package func setting(_ path: some Collection<String>, to value: JSONText?) -> JSONText {
    guard let key = path.first else { return value ?? .null }
    var members = self.members ?? []
    let index = members.lastIndex { $0.key == key }
    let rest = path.dropFirst()
    guard rest.isEmpty else {
      guard index != nil || value != nil else { return self }
      let inner = (index.map { members[$0].value } ?? .object([])).setting(rest, to: value)
      if let index { members[index] = Member(key, inner) } else { members.append(Member(key, inner)) }
      return .object(members)
    }
    switch (index, value) {
    case (let index?, let value?): members[index] = Member(key, value)
    case (let index?, nil): members.remove(at: index)
    case (nil, let value?): members.append(Member(key, value))
    case (nil, nil): break
    }
    return .object(members)
  }

  /// On one line without spaces: what travels to a server.
  package var compact: String {
    switch self {
    case .object(let members):
      "{" + members.map { JSONText.string($0.key).text() + ":" + $0.value.compact }.joined(separator: ",") + "}"
    case .array(let items): "[" + items.map(\.compact).joined(separator: ",") + "]"
    case .string, .integer, .number, .boolean, .null: text()
    }
  }
}
