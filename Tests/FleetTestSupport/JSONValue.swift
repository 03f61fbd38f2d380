import Foundation

/// A JSON document, for looking into what a renderer wrote.
package enum JSONValue: Hashable, Decodable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(parsing text: String) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
  package var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var integer: Int? { if case .integer(let number) = self { number } else { nil } }

  /// A member of an object or, by its number, an item of an array.
  package subscript(path: String...) -> JSONValue? {
    path.reduce(self) { value, step in
      value?.object?[step]
        ?? value?.array.flatMap { items in
          Int(step).flatMap { items.indices.contains($0) ? items[$0] : nil }
        }
    }
  }

  /// The same with another value at `path`; `nil` takes the member away.
  package func replacing(_ path: ArraySlice<String>, with value: JSONValue?) -> JSONValue {
    guard let step = path.first else { return value ?? .null }
    if case .object(var members) = self {
      members[step] = path.count == 1 ? value : members[step]?.replacing(path.dropFirst(), with: value)
      return .object(members)
    }
    guard case .array(var items) = self, let index = Int(step), items.indices.contains(index) else { return self }
    items[index] = items[index].replacing(path.dropFirst(), with: value)
    return .array(items)
  }

  /// This value and everything in it.
  package var descendants: [JSONValue] {
    switch self {
    case .array(let items): [self] + items.flatMap(\.descendants)
    case .object(let members): [self] + members.values.flatMap(\.descendants)
    default: [self]
    }
  }
}
