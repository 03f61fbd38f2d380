import Testing
import YAMLSource

@testable import FleetModel

@Suite("annotations for forges")
struct AnnotationTests {
  private static func mark(_ name: String) -> YAMLMark {
    YAMLMark(source: YAMLSourceFile(name: name, bytes: Array("a: b\n".utf8)), line: 1, column: 4)
  }

  @Test("GitHub's command has file, line, column and title, relative to the top of the checkout")
  func gitHub() {
    let annotation = Annotation(
      .error, "inventory", Diagnostic(at: Self.mark("inventory/a.yaml"), "wrong", hint: "write it right"))
    #expect(
      annotation.gitHubCommand(below: "lab/state")
        == "::error file=lab/state/inventory/a.yaml,line=1,col=4,title=fleetd%3A inventory::wrong%0Awrite it right")
    let missing = Annotation(.warning, "latest-tag", Diagnostic(at: nil, "none"))
    #expect(missing.gitHubCommand(below: "") == "::warning title=fleetd%3A latest-tag::none")
  }

  @Test("a name or a message in the repository cannot write a command of its own")
  func hostile() {
    let annotation = Annotation(
      .error, "inventory", Diagnostic(at: Self.mark("inventory/a,b:c%\n::set-env::.yaml"), "x\r\n::stop-commands::y%0A")
    )
    let command = annotation.gitHubCommand(below: "")
    #expect(!command.unicodeScalars.contains { $0 == "\n" || $0 == "\r" })
    #expect(command.contains("file=inventory/a%2Cb%3Ac%25%0A%3A%3Aset-env%3A%3A.yaml,line=1"))
    #expect(command.contains("y%250A"))
  }

  @Test("GitLab's report has what Code Quality asks for; two of the same words have two fingerprints")
  func gitLab() throws {
    let diagnostic = Diagnostic(at: Self.mark("inventory/a.yaml"), "wrong")
    let report = Annotation.gitLabReport(
      [Annotation(.error, "inventory", diagnostic), Annotation(.warning, "inventory", diagnostic)], below: "")
    let issues = try #require(try JSONText(parsing: Array(report.utf8)).items)
    #expect(issues.map { $0["severity"]?.string } == ["major", "minor"])
    #expect(issues[0].at("location", "path")?.string == "inventory/a.yaml")
    #expect(issues[0].at("location", "lines", "begin") == .integer(1))
    #expect(Set(issues.compactMap { $0["fingerprint"]?.string }).count == 2)
    #expect(try JSONText(parsing: Array(Annotation.gitLabReport([], below: "").utf8)) == .array([]))
  }
}
