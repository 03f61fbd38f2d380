/// What a server's program tells of Secrets: two answers about the same objects, which are one where nothing changed in
/// between.
struct SecretLook {
  private struct Seen {
    var version = ""
    var object: JSONText
  }

  private var seen: [ObjectIdentity.Key: Seen] = [:]
  private var fields: [ObjectIdentity.Key: [String]] = [:]

  init(_ section: ProbeSection) throws(ProbeError) {
    for record in section.records where record.key == "secrets" || record.key == "fields" {
      let lines = record.bytes.split(separator: 0x0A).map { line in
        String(decoding: line, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      if record.key == "secrets" {
        try read(lines)
      } else {
        for line in lines {
          guard line.count == 6 else { throw .garbled("the server's Secrets") }
          fields[Self.identity(line[0], line[1]).key] = line
        }
      }
    }
  }

  private static func identity(_ namespace: String, _ name: String) -> ObjectIdentity {
    ObjectIdentity(apiVersion: "v1", kind: "Secret", namespace: namespace, name: name)
  }

  private mutating func read(_ lines: [[String]]) throws(ProbeError) {
    var current: ObjectIdentity.Key?
    for line in lines {
      switch (line[0], line.count) {
      case ("object", 4):
        let identity = Self.identity(line[1], line[2])
        current = identity.key
        seen[identity.key] = Seen(
          version: line[3], object: identity.skeleton.setting(["metadata", "resourceVersion"], to: .string(line[3])))
      case ("uid", 2): try set(["metadata", "uid"], .string(line[1]), of: current)
      case ("type", 2): try set(["type"], .string(Self.text(line[1])), of: current)
      case ("immutable", 1): try set(["immutable"], .boolean(true), of: current)
      case ("deleted", 2): try set(["metadata", "deletionTimestamp"], .string(line[1]), of: current)
      case ("label", 3): try set(["metadata", "labels", line[1]], .string(Self.text(line[2])), of: current)
      case ("annotation", 3): try set(["metadata", "annotations", line[1]], .string(Self.text(line[2])), of: current)
      case ("data", 3): try set(["data", line[1]], .string(SecretDigests.text(line[2])), of: current)
      default: throw .garbled("the server's Secrets")
      }
    }
  }

  private mutating func set(
    _ path: [String], _ value: JSONText, of key: ObjectIdentity.Key?
  ) throws(ProbeError) {
    guard let key, let object = seen[key]?.object else { throw .garbled("the server's Secrets") }
    seen[key]?.object = object.setting(path, to: value)
  }

  /// From hexadecimal digits.
  private static func text(_ digits: String) throws(ProbeError) -> String {
    let digits = Array(digits.utf8)
    guard digits.count.isMultiple(of: 2) else { throw .garbled("the server's Secrets") }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
        throw .garbled("the server's Secrets")
      }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func add(to answer: inout ObjectsLook.Answer) throws(ProbeError) {
    for (key, seen) in seen {
      guard let line = fields[key], line[2] == seen.version else {
        answer.notCompared[key] = .changing
        continue
      }
      var object = seen.object
      for (name, text) in zip(["managedFields", "ownerReferences", "finalizers"], line.dropFirst(3)) where !text.isEmpty
      {
        do { object = object.setting(["metadata", name], to: try JSONText(parsing: Array(text.utf8))) } catch {
          throw .garbled("the server's Secrets: \(error.problem)")
        }
      }
      answer.live[key] = object
    }
    for key in fields.keys where seen[key] == nil { answer.notCompared[key] = .changing }
  }
}
