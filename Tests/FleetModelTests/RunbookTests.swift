import Foundation
import Testing

@testable import FleetModel

@Suite("Runbooks: one page for each reason")
struct RunbookTests {
  /// `runbooks/` of the checkout that these tests were built from.
  private static let directory = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "runbooks")

  /// What is only said needs no repair.
  private static let problems = Reason.allCases.filter { $0 != .notice }

  private static func page(_ name: String) throws -> String {
    try String(contentsOf: directory.appending(path: name), encoding: .utf8)
  }

  @Test("there is a page for every reason, and no page without one")
  func pages() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path(percentEncoded: false))
    // Pages of alerts begin so: the rules of Prometheus have a test of their own.
    let pages = names.filter { $0.hasSuffix(".md") && $0 != "README.md" && !$0.hasPrefix("fleetd-") }
    #expect(pages.sorted() == Self.problems.map { "\($0.rawValue).md" }.sorted())
  }

  @Test("a page has the five parts in their order, on one screen", arguments: problems)
  func parts(of reason: Reason) throws {
    let lines = try Self.page("\(reason.rawValue).md").split(separator: "\n", omittingEmptySubsequences: false)
    let headings = lines.filter { $0.hasPrefix("## ") }
    #expect(headings == ["## Symptom", "## What it means", "## Check", "## Repair", "## Confirm"])
    #expect(lines.count <= 40)
  }

  @Test("the index names every page")
  func index() throws {
    let index = try Self.page("README.md")
    let missing = Self.problems.filter { !index.contains("[\($0.rawValue)](\($0.rawValue).md)") }
    #expect(missing.isEmpty)
  }
}
