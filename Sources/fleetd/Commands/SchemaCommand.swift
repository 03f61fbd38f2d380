import ArgumentParser
import FleetModel

/// `fleetd schema`: the same declarations as a JSON Schema.
struct SchemaCommand: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema (draft 2020-12) for editors.",
    discussion: """
      Without a kind: one schema for everything below inventory/. In an editor with yaml-language-server:

        fleetd schema > .fleetd.schema.json
        # yaml-language-server: $schema=../.fleetd.schema.json
      """)

  @Argument(
    help: ArgumentHelp("Fleet, Profile, Node or ControlNode.", valueName: "kind"),
    completion: .list(SchemaPath.documents.map(\.kind)))
  var kind: String?

  func execute() async throws -> FleetModel.ExitCode {
    guard let kind else { return Console.result(DocumentJSONSchema.inventory.text() + "\n") ? .inSync : .failed }
    guard let schema = DocumentJSONSchema.document(kind) else {
      let hint = Suggestion.hint(for: kind, among: SchemaPath.documents.map(\.kind)).map { "; \($0)" } ?? ""
      throw UsageFailure("there is no kind \"\(TerminalText.escape(kind))\"\(hint)")
    }
    return Console.result(schema.text() + "\n") ? .inSync : .failed
  }
}
