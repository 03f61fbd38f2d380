import FleetModel
import Testing

@testable import FleetApply

@Suite("the lines of a run on a terminal")
struct ProgressBoardTests {
  private func board(_ events: ProgressEvent...) -> ProgressBoard {
    var board = ProgressBoard()
    for event in events { board.apply(event, at: .zero) }
    return board
  }

  @Test("each node has a line with what it does, and for how long when that takes a while")
  func smallFleet() {
    let board = board(
      .observing(nodes: ["pi10", "pi1", "pi2"]), .connected(node: "pi2"), .observed(node: "pi1"))
    #expect(
      board.lines(width: 80, height: 24, at: .seconds(3)) == [
        "  pi1   observed", "  pi10  connecting  3s", "  pi2   observing  3s",
      ])
    #expect(board.lines(width: 80, height: 24, at: .zero)[1] == "  pi10  connecting")
  }

  @Test("a step is shown by its title until the node's turn ends; what failed stays failed")
  func steps() {
    let failure = StepFailure(step: "x", failure: NodeFailure(.stepFailed, "no"))
    let board = board(
      .observing(nodes: ["a", "b", "c", "d"]), .stepStarted(node: "a", Step("write /etc/motd", .verifyAccess)),
      .turnEnded(node: "b", isWaiting: false), .turnEnded(node: "c", isWaiting: true),
      .stepFailed(node: "d", failure), .turnEnded(node: "d", isWaiting: false))
    #expect(
      board.lines(width: 80, height: 24, at: .zero) == [
        "  a  write /etc/motd", "  b  done", "  c  waiting for its turn", "  d  failed",
      ])
  }

  @Test("a hook is shown on its node's line; one of the whole roll-out below")
  func hooks() {
    let board = board(
      .observing(nodes: ["a", "b"]), .hookStarted(.beforeNode, node: "a"), .hookStarted(.beforeRollout, node: nil))
    #expect(
      board.lines(width: 80, height: 24, at: .zero) == [
        "  a  hook beforeNode", "  b  connecting", "  hook beforeRollout",
      ])
  }

  @Test("of a fleet that is larger than the terminal the busy nodes are shown, longest first, and the rest is counted")
  func largeFleet() {
    var board = ProgressBoard()
    let names = (1...1000).map { "n\($0)" }
    board.apply(.observing(nodes: names), at: .zero)
    for name in names.dropFirst(5) { board.apply(.observed(node: name), at: .seconds(1)) }
    board.apply(.connected(node: "n1"), at: .seconds(2))
    let lines = board.lines(width: 80, height: 4, at: .seconds(3))
    #expect(
      lines == [
        "  n2  connecting  3s", "  n3  connecting  3s", "  n4  connecting  3s", "  1000 nodes: 5 busy, 995 observed",
      ])
    #expect(board.lines(width: 80, height: 1, at: .zero) == ["  1000 nodes: 5 busy, 995 observed"])
  }

  @Test("no line is wider than the terminal, and the time is not cut", arguments: [1, 5, 20, 39, 80])
  func width(_ width: Int) {
    let board = board(
      .observing(nodes: [String(repeating: "n", count: 63), "b"]),
      .stepStarted(node: "b", Step(String(repeating: "你好", count: 60), .verifyAccess)))
    for line in board.lines(width: width, height: 24, at: .seconds(7)) {
      #expect(TerminalText.columns(of: line) <= width)
      if width >= 20 { #expect(line.hasSuffix("  7s")) }
    }
  }

  @Test("what a node or a repository says cannot act on the terminal")
  func hostile() {
    let board = board(
      .observing(nodes: ["a"]), .waiting(node: "a", what: "\u{1B}[2J\n"), .fetching(what: "\u{9B}31m"))
    #expect(board.lines(width: 80, height: 24, at: .zero) == ["  a  \\x1b[2J\\n", "  fetching \\x9b31m"])
  }

  @Test("there is nothing to draw before the first event, or without room")
  func nothing() {
    #expect(ProgressBoard().lines(width: 80, height: 24, at: .zero).isEmpty)
    #expect(board(.observing(nodes: ["a"])).lines(width: 80, height: 0, at: .zero).isEmpty)
  }
}
