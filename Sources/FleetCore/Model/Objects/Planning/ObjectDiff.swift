/// What the server would change in an object: the live one against the result of its own dry run.
package struct ObjectDiff: Sendable {
  private let isSecret: Bool
  private let hidesAll: Bool
  private var fields: [ObjectField] = []

  /// More would be read by nobody.
  private static let limit = 200

  /// - Parameter isConfidential: no value at all is shown; of a Secret its data never are.
  package static func fields(
    from live: JSONText, to result: JSONText, isSecret: Bool, isConfidential: Bool = false
  ) -> [ObjectField] {
    var diff = ObjectDiff(isSecret: isSecret, hidesAll: isConfidential)
    diff.compare(cleaned(live), cleaned(result), at: [])
    return diff.fields
  }

  private init(isSecret: Bool, hidesAll: Bool) {
    self.isSecret = isSecret
    self.hidesAll = hidesAll
  }

  /// What the server itself keeps count of, and what other tools write about themselves.
  private static let bookkeeping = [
    ["status"], ["metadata", "managedFields"], ["metadata", "resourceVersion"], ["metadata", "generation"],
    ["metadata", "uid"], ["metadata", "creationTimestamp"], ["metadata", "selfLink"],
    ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
  ]

  private static func cleaned(_ object: JSONText) -> JSONText {
    let stripped = bookkeeping.reduce(object) { $0.setting($1, to: nil) }
    // An annotation that was alone leaves an empty mapping behind, which means nothing.
    return stripped.at("metadata", "annotations")?.members?.isEmpty == true
      ? stripped.setting(["metadata", "annotations"], to: nil) : stripped
  }

  private mutating func compare(_ before: JSONText?, _ after: JSONText?, at path: [String]) {
    guard fields.count < Self.limit, before != after else { return }
    switch (before, after) {
    case (.object(let old)?, .object(let new)?):
      let keys = Set(old.map(\.key)).union(new.map(\.key)).sorted()
      for key in keys { compare(before?[key], after?[key], at: path + [key]) }
    case (.array(let old)?, .array(let new)?):
      compare(old, new, at: path)
    case (.integer(let old)?, .number(let new)?) where Double(old) == new: return
    case (.number(let old)?, .integer(let new)?) where old == Double(new): return
    default:
      fields.append(field(before, after, at: path))
    }
  }

  /// Lists of things with names are compared by name, as the server does; others by their place.
  private mutating func compare(_ old: [JSONText], _ new: [JSONText], at path: [String]) {
    if let oldByName = Self.byName(old), let newByName = Self.byName(new) {
      for name in Self.united(old, new) { compare(oldByName[name], newByName[name], at: path + ["[\(name)]"]) }
      // The same things in another order: nothing in them differs, and still the list does.
      if Set(oldByName.keys) == Set(newByName.keys), oldByName == newByName {
        fields.append(field(.array(old), .array(new), at: path))
      }
      return
    }
    for index in 0..<max(old.count, new.count) {
      let one = old.indices.contains(index) ? old[index] : nil
      let other = new.indices.contains(index) ? new[index] : nil
      compare(one, other, at: path + ["[\(index)]"])
    }
  }

  private static func byName(_ items: [JSONText]) -> [String: JSONText]? {
    var byName: [String: JSONText] = [:]
    for item in items {
      guard let name = item["name"]?.string, byName.updateValue(item, forKey: name) == nil else { return nil }
    }
    return byName
  }

  private static func united(_ old: [JSONText], _ new: [JSONText]) -> [String] {
    var names: [String] = []
    for name in (old + new).compactMap({ $0["name"]?.string }) where !names.contains(name) { names.append(name) }
    return names
  }

  private func field(_ before: JSONText?, _ after: JSONText?, at path: [String]) -> ObjectField {
    let name = Self.name(of: path)
    if hidesAll, path.first != "metadata" || path.dropFirst().first != "labels" {
      return ObjectField(name, from: before == nil ? .none : .secret, to: after == nil ? .none : .secret)
    }
    if isSecret, let first = path.first, first == "data" || first == "stringData" {
      return ObjectField(
        name, from: SecretData.shown(before, isEncoded: first == "data"),
        to: SecretData.shown(after, isEncoded: first == "data"))
    }
    if case .string(let old)? = before, case .string(let new)? = after, old.contains("\n") || new.contains("\n") {
      return ObjectField(name, from: .none, to: .none, lines: LineDiff.unified(from: old, to: new))
    }
    return ObjectField(name, from: Self.shown(before), to: Self.shown(after))
  }

  private static func shown(_ value: JSONText?) -> Shown {
    guard let value else { return .none }
    if let text = value.string { return .text(text) }
    return .text(value.compact)
  }

  /// `a.b[c].d`; what stands in `spec` is named without it, and a key with a dot stands in brackets.
  private static func name(of path: [String]) -> String {
    let shortened = path.count > 1 && path[0] == "spec" ? path.dropFirst() : path[...]
    var name = ""
    for part in shortened {
      if part.hasPrefix("[") {
        name += part
      } else if part.contains(".") || part.contains("/") {
        name += "[\(part)]"
      } else {
        name += (name.isEmpty ? "" : ".") + part
      }
    }
    return name
  }
}

/// A value of a Secret as it may be shown: how long it is, and nothing else.
enum SecretData {
  static func shown(_ value: JSONText?, isEncoded: Bool) -> Shown {
    guard let value else { return .none }
    guard let text = value.string, !SecretDigests.isDigest(text) else { return .secret }
    let count = isEncoded ? Base64.decode(text)?.count ?? text.utf8.count : text.utf8.count
    return .text("(secret, \(count) byte\(count == 1 ? "" : "s"))")
  }
}
