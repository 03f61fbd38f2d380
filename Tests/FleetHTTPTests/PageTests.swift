import FleetModel
import Testing

@testable import FleetHTTP

@Suite("the page as text")
struct PageTests {
  private static let page = PageRenderer(overview: SampleFleet.overview).document

  @Test(
    "everything that was promised stands there in words",
    arguments: [
      "home", "1 of 6 in sync, 2 need a look", "commit <code>3f9c2e1</code>", "<b>away</b>", "for 3 h 20 min",
      "connection refused <code>connection-refused</code>", "→ make room: apt-get clean", "k3s v1.33.4+k3s1", "48 °C",
      "83 °C, hot", "supply voltage too low now", "~ file     /etc/rancher/k3s/config.yaml", "- a: &lt;old&gt;",
      "Deployment web/front", "on track: 30 min of 1 h", "done in 35 min, within 1 h", "99.80 %", "97.00 %, under 99 %",
      "3 converged · 6 in sync", "without an end", "paused: new SSD", "looked at", "not looked at yet",
      "class=\"target\"", "fleetd 1.2.3",
    ])
  func promised(_ words: String) {
    #expect(Self.page.contains(words))
  }

  @Test("what a node, a commit or the store says is text and nothing else")
  func hostile() {
    let page = PageRenderer(overview: SampleFleet.hostileOverview).document
    #expect(
      page.matches(of: /<script/).count == 1 && page.contains(#"<script src="/assets/fleetd.js" defer></script>"#))
    #expect(!page.contains("alert('x')") && page.contains("alert(&#39;x&#39;)"))
    #expect(!page.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{07}" || $0 == "\r" })
    // No attribute was left by a quote: each tag of ours holds an even number of them.
    for tag in page.matches(of: /<[a-z][^>]*>/) { #expect(tag.0.count { $0 == "\"" }.isMultiple(of: 2), "\(tag.0)") }
  }

  @Test("no style and no script stands in the page, and nothing comes from elsewhere")
  func contained() {
    #expect(!Self.page.contains("style=") && !Self.page.contains("onclick") && !Self.page.contains("<style"))
    #expect(!Self.page.contains("http://") && !Self.page.contains("https://"))
    #expect(!PageStyle.text.contains("url(") && !PageStyle.text.contains("@import"))
  }

  @Test(
    "ages are said as people say them",
    arguments: [
      (0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (12_000, "3 h 20 min"), (180_000, "2 d 2 h"), (-5, "0 s"),
    ])
  func ages(_ seconds: Int, _ words: String) {
    #expect(Age.text(seconds) == words)
  }
}
