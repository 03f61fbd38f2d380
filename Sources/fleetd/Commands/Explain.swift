import ArgumentParser
import FleetModel

/// `fleetd explain`: the schema in the terminal, from the declarations that the decoder validates with.
struct Explain: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what may be written at a place of a document, and what it means.",
    discussion: """
      A place is a kind (Fleet, Profile, Node, ControlNode), a key of a spec, or a path below one:

        fleetd explain
        fleetd explain packages
        fleetd explain Node.spec.boot.cmdline
        fleetd explain fleet.k3s --recursive
      """)

  @Argument(
    help: ArgumentHelp("A dotted path; without it: what there is.", valueName: "kind[.field…]"),
    completion: .list(SchemaPath.documents.map(\.kind) + SchemaPath.topics))
  var path: String?

  @Flag(help: "The names and types of everything below, as a tree.")
  var recursive = false

  func execute() async throws -> FleetModel.ExitCode {
    Console.result(try text) ? .inSync : .failed
  }

  private var text: String {
    get throws {
      guard let path else { return Explanation.overview() }
      do throws(SchemaPath.Problem) {
        let place = try SchemaPath(path)
        return recursive ? Explanation.tree(of: place) : Explanation.text(of: place)
      } catch {
        throw UsageFailure(error.message + (error.hint.map { "; \($0)" } ?? ""))
      }
    }
  }
}
