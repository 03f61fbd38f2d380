internal import FleetModel
internal import NIOCore

/// How the feed keeps its time.
package struct LivePace: Sendable {
  /// Between two looks for news.
  package var look: Duration = .seconds(1)
  /// At the latest then the state is sent anew: it shows ages, and it tells both sides that the other is there.
  package var refresh: Duration = .seconds(15)
  /// Who takes longer to take one state in is cut off.
  package var patience: Duration = .seconds(30)

  package init() {}
}

/// Looks for news while somebody follows the page, and only then.
struct LivePublisher: Sendable {
  let source: any OverviewSource
  let feed: LiveFeed
  let pace: LivePace
  let render: @Sendable (FleetOverview) -> String

  /// Until the task is cancelled.
  func run() async {
    let clock = ContinuousClock()
    for await _ in feed.comings {
      var shown: FleetOverview?
      var sent = clock.now
      while !Task.isCancelled, feed.isFollowed() {
        let overview = await source.overview()
        if overview.content != shown || clock.now - sent >= pace.refresh {
          feed.publish(Self.event(render(overview)))
          shown = overview.content
          sent = clock.now
        }
        feed.cut(busySince: clock.now - pace.patience)
        // The pace itself: nothing signals that an age is to be shown anew.
        try? await Task.sleep(for: pace.look)
      }
    }
  }

  /// One event of server-sent events (HTML Living Standard, 9.2): each line of its data has a field of its own.
  static func event(_ text: String) -> ByteBuffer {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return ByteBuffer(string: "event: page\n" + lines.map { "data: \($0)\n" }.joined() + "\n")
  }
}
