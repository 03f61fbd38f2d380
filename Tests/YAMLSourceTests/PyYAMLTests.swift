import Foundation
import Testing
import YAMLSource

/// What fleetd writes is read by k3s, whose yaml.v2 reads YAML 1.1. PyYAML is another reader of 1.1 that is at hand.
@Suite(
  "emitter against a YAML 1.1 reader",
  .enabled(if: PyYAML.isAvailable, "python3 with the yaml module is not installed")
)
struct PyYAMLTests {
  @Test("PyYAML reads what was meant")
  func sameValues() throws {
    var random = SplitMix64(seed: 11)
    var trees = mistakable.map { node([$0: node([node($0)])]) }
    trees += (0..<300).map { _ in randomTree(using: &random) }
    trees += try ["0644", "1e16", "1e-7", "-12", "[null, true, false]", "|\n  a\n\n  b"].map { try document($0) }

    let cases = trees.map { ["yaml": YAMLEmitter.emit($0), "value": PyYAML.json($0)] }
    let mismatches = try PyYAML.mismatches(in: JSONSerialization.data(withJSONObject: cases))
    #expect(mismatches == "0 of \(cases.count)\n")
  }

  @Test("a wrong value is noticed")
  func noticesMismatch() throws {
    let cases = [["yaml": "mode: 0644\n", "value": ["mode": 644]]]
    #expect(try PyYAML.mismatches(in: JSONSerialization.data(withJSONObject: cases)).hasPrefix("1 of 1\n"))
  }
}

private enum PyYAML {
  static let isAvailable: Bool = (try? run(["-c", "import yaml"], input: Data())) == ""

  /// Python's `1 == True == 1.0`, so values are compared as JSON text.
  private static let script = """
    import json, sys, yaml
    cases = json.load(sys.stdin)
    def text(value): return json.dumps(value, sort_keys=True)
    def read(document):
        try: return text(yaml.safe_load(document))
        except Exception as error: return repr(error)
    wrong = [case for case in cases if read(case["yaml"]) != text(case["value"])]
    print(len(wrong), "of", len(cases))
    for case in wrong[:5]: print(repr(case["yaml"]), "is read as", read(case["yaml"]), "not", text(case["value"]))
    """

  static func mismatches(in cases: Data) throws -> String {
    try run(["-c", script], input: cases)
  }

  static func json(_ node: YAMLNode) -> Any {
    switch node.value {
    case .sequence(let items): return items.map(json)
    case .mapping(let mapping):
      return Dictionary(uniqueKeysWithValues: mapping.entries.map { ($0.key, json($0.value)) })
    case .scalar(let scalar):
      switch scalar.resolved {
      case .null: return NSNull()
      case .bool(let value): return value
      case .int(let value): return value
      case .float(let value): return value
      case .string: return scalar.text
      }
    }
  }

  private static func run(_ arguments: [String], input: Data) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "yaml-source-\(UUID().uuidString)")
    try input.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }
}
