import Foundation
import YAMLSource

@testable import FleetModel

/// Debian's python3-jsonschema: a validator that shares no line with ours.
enum JSONSchemaValidator {
  /// Without it the tests that need it are skipped; scripts/requirements installs it.
  static let isInstalled = (try? run("import jsonschema", input: "")) == ""

  /// What is wrong with the schema itself; `nil`: nothing.
  static func problem(with schema: JSONText) throws -> String? {
    let said = try run(
      "import json,sys,jsonschema; jsonschema.Draft202012Validator.check_schema(json.load(sys.stdin))",
      input: schema.text())
    return said.isEmpty ? nil : said
  }

  /// For each document the first problem, or `nil`.
  static func problems(of documents: [YAMLNode], against schema: JSONText) throws -> [String?] {
    let program = """
      import json, sys, jsonschema
      given = json.load(sys.stdin)
      validator = jsonschema.Draft202012Validator(given["schema"])
      found = [next((e.json_path + ": " + e.message for e in validator.iter_errors(d)), "") for d in given["documents"]]
      json.dump(found, sys.stdout)
      """
    let input = JSONText.object([.init("schema", schema), .init("documents", .array(documents.map(\.json)))]).text()
    let found = try JSONDecoder().decode([String].self, from: Data(run(program, input: input).utf8))
    return found.map { $0.isEmpty ? nil : $0 }
  }

  /// What the program printed, its errors included.
  private static func run(_ program: String, input: String) throws -> String {
    let outcome = try Shell(path: "/bin/dash").run(
      #"exec python3 -W ignore -c "$1""#, [program], input: Array(input.utf8))
    return outcome.status == 0 ? outcome.text : "exit status \(outcome.status): \(outcome.error)"
  }
}

extension YAMLNode {
  /// As an editor's YAML parser hands it to its JSON Schema validator.
  fileprivate var json: JSONText {
    if let mapping { return .object(mapping.entries.map { .init($0.key, $0.value.json) }) }
    if let sequence { return .array(sequence.map(\.json)) }
    if let string { return .string(string) }
    if let bool { return .boolean(bool) }
    if let int { return .integer(int) }
    return isNull ? .null : .number(Double(scalar?.text ?? "") ?? 0)
  }
}
