import Testing

@testable import FleetModel

@Suite("the cordon: the scripts in a real shell")
struct CordonScriptTests {
  /// An API server that answers at first, whose calls all fail, and that is still there afterwards or is not.
  private static let stubs = #"""
    asked=0
    answering() {
      asked=$((asked + 1))
      [ "$asked" = 1 ] || [ "$stays" = yes ] || die 75 "the API server does not answer"
    }
    kube() { return 1; }
    """#

  @Test(
    "an API that goes away in the middle is that, and no failure of the step: another server may be asked",
    arguments: [StepScript.cordon, .uncordon], [("no", Int32(75)), ("yes", 70)])
  func goneMeanwhile(_ script: StepScript, _ end: (stays: String, status: Int32)) throws {
    for shell in Shell.all {
      let text = [
        StepPrelude.sharedFunctions, ServerScript.functions, "stays=$1", Self.stubs, script.text,
      ].joined(separator: "\n")
      let input = try #require(StepPrelude.input(StepInput([["pi3", "fleet/home"]]), with: SecretVault()))
      let outcome = try shell.run(text, [end.stays], input: input)
      #expect(outcome.status == end.status, "\(outcome.error)")
    }
  }
}
