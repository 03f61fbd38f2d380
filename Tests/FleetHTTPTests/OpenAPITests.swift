import AsyncHTTPClient
import FleetModel
import NIOHTTP1
import Testing

@testable import FleetHTTP

@Suite("the API is as its description says")
struct OpenAPITests {
  private static let hasValidator = Tool.exists("python3")

  @Test("the file in docs/ is the one that is served")
  func published() async throws {
    try await TestServer.run { server async throws in
      // To renew it: curl -s http://127.0.0.1:9808/api/v1/openapi.json > docs/openapi.json
      let file = try Checkout.text("docs/openapi.json")
      #expect(try await server.text("/api/v1/openapi.json") == file)
    }
  }

  @Test("an OpenAPI validator accepts it, where there is one", .enabled(if: hasValidator))
  func valid() async throws {
    let program = """
      import json, sys
      try:
        from openapi_spec_validator import validate
      except ImportError:
        # Debian has none: then its schemas are checked, and what refers to what.
        import jsonschema
        document = json.load(sys.stdin)
        for schema in document["components"]["schemas"].values():
          jsonschema.Draft202012Validator.check_schema(schema)
      else:
        validate(json.load(sys.stdin))
      """
    let outcome = try await Tool.run(["python3", "-W", "ignore", "-c", program], input: OpenAPIDocument.text)
    #expect(outcome.isSuccess, "\(outcome.errors)")
  }

  @Test(
    "every answer is as described, of a usual fleet, of a hostile one and of none", .enabled(if: hasValidator),
    arguments: ["usual", "hostile", "none"])
  func answers(_ kind: String) async throws {
    let blank = FleetOverview(
      clock: SampleFleet.clock(), version: "1", startedAt: SampleFleet.now, mode: .observe, interval: 300)
    let overview = ["usual": SampleFleet.overview, "hostile": SampleFleet.hostileOverview][kind] ?? blank
    let program = """
      import json, sys, jsonschema
      given = json.load(sys.stdin)
      document = given["document"]
      for path, status, answer in given["answers"]:
        schema = document["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"]
        whole = dict(schema, components=document["components"])
        errors = list(jsonschema.Draft202012Validator(whole).iter_errors(answer))
        for error in errors: print(path, error.json_path, error.message)
      """
    let paths = [
      "/api/v1/status", "/api/v1/nodes", "/api/v1/nodes/{name}", "/api/v1/rebuilds", "/api/v1/availability",
      "/api/v1/history",
    ]
    try await TestServer.run(source: ScriptedSource(overview)) { server async throws in
      var answers: [JSONText] = []
      for path in paths {
        let response = try await server.get(path.replacing("{name}", with: "pi1"))
        let status = "\(response.status.code)"
        let answer = try JSONText(parsing: Array(try await response.text.utf8), maximumDepth: 16)
        answers.append(.array([.string(path), .string(status), answer]))
      }
      let document = try JSONText(parsing: Array(OpenAPIDocument.text.utf8), maximumDepth: 32)
      let input = JSONText.object([.init("document", document), .init("answers", .array(answers))])
      let outcome = try await Tool.run(["python3", "-W", "ignore", "-c", program], input: input.compact)
      #expect(outcome.isSuccess && outcome.output.isEmpty, "\(outcome)")
    }
  }

  @Test("every path of the description is served")
  func paths() async throws {
    let document = try JSONText(parsing: Array(OpenAPIDocument.text.utf8), maximumDepth: 32)
    let paths = try #require(document["paths"]?.members).map(\.key).filter { $0 != "/events" }
    try await TestServer.run { server async throws in
      for path in paths {
        let status = try await server.get(path.replacing("{name}", with: "pi1")).status
        #expect(status == .ok, "\(path)")
      }
    }
  }
}
