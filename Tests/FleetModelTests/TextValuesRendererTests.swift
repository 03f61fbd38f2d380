import Testing

@testable import FleetModel

@Suite("values and long plans as text")
struct TextValuesRendererTests {
  private typealias Fixture = RendererFixture

  private func shown(_ change: Change, isWhole: Bool = false) -> String {
    ShownText(isWhole: isWhole).value(of: change)
  }

  private func change(
    _ before: Shown,
    _ after: Shown,
    _ action: Change.Action = .change
  ) -> Change { Change(action, Fixture.sysctl, "key", from: before, to: after) }

  @Test("a value is shown from what it is to what it becomes")
  func values() {
    #expect(shown(change(.text("0"), .text("1"))) == "0 -> 1")
    #expect(shown(change(.none, .text("1"))) == "1")
    #expect(shown(change(.text("1"), .none, .remove)) == "1")
    #expect(shown(change(.text("1"), .none)) == "1 -> (none)")
    #expect(shown(change(.text(""), .text("1"))) == "\"\" -> 1")
    #expect(shown(change(.none, .none)).isEmpty)
  }

  @Test("a secret is shown as a secret")
  func secrets() {
    #expect(shown(change(.secret, .secret)) == "(secret) differs")
    #expect(shown(change(.none, .secret, .add)) == "(secret)")
    #expect(shown(change(.secret, .none, .remove)) == "(secret)")
    #expect(shown(change(.text("a"), .secret)) == "a -> (secret)")
  }

  @Test("a value of 60 is whole, a longer one is cut unless verbose")
  func longValues() {
    let (fits, long) = (String(repeating: "a", count: 60), String(repeating: "a", count: 61))
    #expect(shown(change(.none, .text(fits))) == fits)
    #expect(shown(change(.none, .text(long))) == String(repeating: "a", count: 59) + "…")
    #expect(shown(change(.none, .text(long)), isWhole: true) == long)
  }

  @Test("what is cut from two long values is not their difference")
  func longPairs() {
    let alike = String(repeating: "a", count: 200)
    let text = shown(change(.text(alike + "one"), .text(alike + "two")))
    let end = "…" + String(repeating: "a", count: 20)
    #expect(text == "\(end)one -> \(end)two")
    #expect(shown(change(.text(alike + "one"), .text(alike + "two")), isWhole: true) == "\(alike)one -> \(alike)two")
  }

  @Test("a value is bounded also when it is one character")
  func combiningMarks() {
    let heap = "a" + String(repeating: "\u{301}", count: 10_000)
    #expect(shown(change(.text(heap), .text("b"))).unicodeScalars.count < 70)
  }

  @Test("a message's lines are bounded unless verbose")
  func longMessages() {
    let message = (1...30).map { "line \($0)" }.joined(separator: "\n")
    let lines = ShownText(isWhole: false).lines(message)
    #expect(lines.count == 21)
    #expect(lines.last == "… and 10 more lines")
    #expect(ShownText(isWhole: true).lines(message).count == 30)
    #expect(ShownText(isWhole: false).lines("\n\n") == [""])
  }

  @Test("more than 12 changes are one line per kind and action")
  func folding() {
    let node = Fixture.node(
      "pi1",
      [
        Fixture.packages(22), Fixture.set(Change(.add, Fixture.file, "/etc/a", to: .none, diff: ["+a"])),
        Fixture.set(
          Change(.act, Fixture.k3s, "k3s", note: "start"),
          Change(.act, Fixture.k3s, "k3s join"),
          disturbance: .restartsK3s
        ),
      ]
    )
    let lines = TextRenderer(style: .plain).render(Fixture.plan([node])).split(separator: "\n").map(String.init)
    #expect(
      lines[1...4] == [
        "pi1  agent  192.168.1.13",
        "  + package  22 packages: package-1, package-2, package-3, package-4, package-5, …",
        "  + file     /etc/a",
        "  ! k3s      2 changes: k3s, k3s join",
      ]
    )
    #expect(lines.last == "Plan: 25 changes on 1 of 1 node · 0 in sync")
  }

  @Test("12 changes are listed one by one, and so are all when verbose")
  func notFolding() {
    let (fits, many) = (
      Fixture.plan([Fixture.node("pi1", [Fixture.packages(12)])]),
      Fixture.plan([Fixture.node("pi1", [Fixture.packages(13)])])
    )
    #expect(TextRenderer(style: .plain).render(fits).contains("  + package  package-12"))
    #expect(!TextRenderer(style: .plain).render(many).contains("  + package  package-13"))
    #expect(TextRenderer(style: .plain, isVerbose: true).render(many).contains("  + package  package-13"))
  }

  @Test("what is held is folded apart")
  func foldingHeld() {
    let node = Fixture.node("pi1", [Fixture.packages(20), Fixture.packages(10, held: Fixture.skew)])
    let text = TextRenderer(style: .plain).render(Fixture.plan([node]))
    #expect(text.contains("  + package  20 packages: "))
    #expect(
      text.contains(
        "  + package  10 packages: package-1, package-2, package-3, package-4, package-5, …  held: clock-skew\n"
      )
    )
  }

  @Test("a diff's symbols stand apart from its lines")
  func diffs() {
    let change = Change(
      .change,
      Fixture.file,
      "/etc/a",
      diff: ["@@", " same", " ", "-old", "+new", "\\ no newline at the end"]
    )
    let text = TextRenderer(style: .plain).render(Fixture.plan([Fixture.node("pi1", [Fixture.set(change)])]))
    #expect(
      text.contains(
        """
          ~ file     /etc/a
              @@
                same

              - old
              + new
              \\ no newline at the end

        """
      )
    )
  }

  @Test("a time is UTC, whatever its number")
  func times() {
    #expect(UTCTime(0).iso8601 == "1970-01-01T00:00:00Z")
    #expect(UTCTime(Fixture.observedAt).iso8601 == "2026-11-21T03:12:07Z")
    #expect(UTCTime(Fixture.observedAt).minutes == "2026-11-21 03:12 UTC")
    #expect(UTCTime(.max).iso8601 == "9999-12-31T23:59:59Z")
    #expect(UTCTime(.min).iso8601 == "1970-01-01T00:00:00Z")
  }
}
