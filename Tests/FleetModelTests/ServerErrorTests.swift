import Testing

@testable import FleetModel

@Suite("what kubectl says of a refusal")
struct ServerErrorTests {
  static let failedJob = JSONText.object([
    .init("apiVersion", .string("batch/v1")), .init("kind", .string("Job")),
    .init(
      "status",
      .object([
        .init(
          "conditions",
          .array([
            .object([
              .init("type", .string("Failed")), .init("status", .string("True")),
              .init("message", .string("Job has reached the limit")),
            ])
          ]))
      ])),
  ])

  @Test(
    "the sentence is kept, and what kubectl puts around it is not",
    arguments: [
      ("Error from server (NotFound): namespaces \"web\" not found", "namespaces \"web\" not found"),
      (
        "error: error validating \"STDIN\": error validating data: unknown field \"resourcez\"; if you choose to ignore "
          + "these errors, turn validation off with --validate=false",
        "error validating data: unknown field \"resourcez\""
      ),
      (
        "Warning: policy/v1beta1 is deprecated\nerror: unable to recognize \"STDIN\": no matches for kind \"Foo\"",
        "no matches for kind \"Foo\""
      ),
    ])
  func text(said: String, kept: String) { #expect(ServerError.text(said) == kept) }

  @Test("a conflict on one line and one on several are told apart by managers and fields")
  func conflicts() {
    let one = ServerError.conflict(
      "error: Apply failed with 1 conflict: conflict with \"other\" using v1: .data.x\nPlease")
    #expect(one == .init(managers: ["other"], fields: [".data.x"]))
    #expect(ServerError.conflict("Error from server (Conflict): the object has been modified") == nil)
  }
}
