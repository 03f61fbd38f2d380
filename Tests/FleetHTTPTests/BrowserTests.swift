import FleetModel
import Testing

@testable import FleetHTTP

/// The page in a real browser: Debian's chromium, driven over WebDriver's own HTTP.
@Suite("the page in a browser", .enabled(if: Browser.isInstalled), .serialized, .timeLimit(.minutes(3)))
struct BrowserTests {
  @Test("without JavaScript every node can be read")
  func withoutScript() async throws {
    try await TestServer.run { server async throws in
      try await Browser.run(with: server.client, hasScript: false) { browser async throws in
        try await browser.open(server.base + "/")
        let text = try await browser.text(of: "body")
        for words in ["pi1", "pi6", "1 of 6 in sync, 2 need a look", "connection refused", "83 °C, hot", "config.yaml"]
        {
          #expect(text.contains(words), "\(words)")
        }
      }
    }
  }

  @Test("with JavaScript it follows, keeps what was folded, and the browser finds nothing to complain of")
  func live() async throws {
    try await TestServer.run { server async throws in
      try await Browser.run(with: server.client) { browser async throws in
        try await browser.open(server.base + "/")
        try await browser.wait(for: "return document.getElementById('connection').textContent.startsWith('Live')")
        try await browser.script("document.querySelector('#drift-pi3 summary').click()")
        server.source.change { $0.nodes[0].state = .away }
        try await browser.wait(for: "return document.querySelector('.headline').textContent.includes('3 need a look')")
        let folded = try await browser.script("return !document.getElementById('drift-pi3').open")
        #expect(folded == .boolean(true))
        let title = try await browser.script("return document.title")
        #expect(title.string == "home: 0 of 6 in sync, 3 need a look")
        let complaints = try await browser.complaints()
        #expect(complaints.isEmpty, "\(complaints)")
      }
    }
  }

  @Test("what a node says runs nothing in a browser")
  func hostile() async throws {
    try await TestServer.run(source: ScriptedSource(SampleFleet.hostileOverview)) { server async throws in
      try await Browser.run(with: server.client) { browser async throws in
        try await browser.open(server.base + "/")
        try await browser.wait(for: "return document.getElementById('connection').textContent.startsWith('Live')")
        let scripts = try await browser.script("return document.scripts.length")
        #expect(scripts == .integer(1))
        let complaints = try await browser.complaints()
        #expect(complaints.isEmpty, "\(complaints)")
      }
    }
  }

  @Test("a phone needs no scrolling to the side", arguments: [320, 390, 1600])
  func widths(_ width: Int) async throws {
    let source = ScriptedSource()
    source.change { $0.nodes[0].message = String(repeating: "longword", count: 40) }
    try await TestServer.run(source: source) { server async throws in
      try await Browser.run(with: server.client, width: width) { browser async throws in
        try await browser.open(server.base + "/")
        let overflow = try await browser.script(
          "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        #expect(overflow == .integer(0))
        let inner = try await browser.script("return window.innerWidth")
        #expect(inner == .integer(Int64(width)))
      }
    }
  }

  @Test("it is light or dark as the reader likes it")
  func schemes() async throws {
    try await TestServer.run { server async throws in
      try await Browser.run(with: server.client) { browser async throws in
        var papers: [String] = []
        for scheme in ["light", "dark"] {
          try await browser.prefer(scheme)
          try await browser.open(server.base + "/")
          let paper = try await browser.script("return getComputedStyle(document.body).backgroundColor")
          papers.append(paper.string ?? "")
        }
        #expect(papers == ["rgb(246, 245, 242)", "rgb(20, 22, 26)"])
      }
    }
  }
}
