import Testing

@testable import FleetModel

@Suite("plans as Markdown")
struct MarkdownRendererTests {
  private typealias Fixture = RendererFixture

  private func render(_ nodes: [NodePlan]) -> String { MarkdownRenderer().render(Fixture.plan(nodes)) }

  @Test("a plan is a heading with counts, a table per node, and diffs to unfold")
  func sample() {
    #expect(
      MarkdownRenderer().render(Fixture.sample) == """
        ### fleetd: 5 changes on 1 of 10 nodes · 8 in sync · 1 not observed

        fleet <code>home</code> · commit <code>3f9c2e1</code> · observed 2026-11-21 03:12 UTC

        Waves: 1. <code>pi3</code> (reboot, restart k3s)

        #### <code>pi3</code> agent <code>192.168.1.13</code>

        | | kind | what | from → to | note |
        |---|---|---|---|---|
        | <code>&#126;</code> | <code>package</code> | <code>nfs-common</code> | \
        <code>1:2.6.1-1 → 1:2.6.2-4</code> |  |
        | <code>&#126;</code> | <code>boot</code> | <code>cmdline</code> | \
        <code>+ cgroup&#95;enable=memory</code> | <code>/boot/firmware/cmdline.txt</code> |
        | <code>&#33;</code> | <code>reboot</code> |  |  | <code>the memory controller is not live: \
        the firmware passes cgroup&#95;disable=memory</code> |
        | <code>&#126;</code> | <code>file</code> | <code>/etc/rancher/k3s/config.yaml</code> |  | \
        <code>restarts k3s-agent</code> |
        | <code>&#33;</code> | <code>start</code> | <code>k3s-agent</code> |  | <code>(after reboot)</code> |

        <details><summary><code>/etc/rancher/k3s/config.yaml</code></summary>

        ```diff
        -kubelet-arg: [system-reserved=memory=128Mi]
        +kubelet-arg: [system-reserved=memory=256Mi]
        ```

        </details>

        #### <code>pi7</code> agent <code>192.168.1.17</code>

        Not observed, connection-refused: <code>connection refused</code><br>→ <code>see whether the node is up</code>

        """
    )
  }

  @Test("findings are a list with what to do next")
  func findings() {
    let finding = Finding(.refused, .diskFull, Fixture.file, "12 MiB are free\nof 8 GiB", next: "make room")
    let text = render([Fixture.node("pi1", [Fixture.packages(1, held: Fixture.skew)], [finding])])
    #expect(
      text.hasSuffix(
        """
        | <code>+</code> | <code>package</code> | <code>package-1</code> | <code>1.1</code> | <code>held: clock-skew</code> |

        - **refused** disk-full: <code>12 MiB are free</code><br><code>of 8 GiB</code><br>→ <code>make room</code>
        - **held** clock-skew: <code>packages wait for the node&#39;s clock, which is 90 s off</code><br>→ \
        <code>check time synchronisation on the node (timedatectl)</code>

        """
      )
    )
  }

  @Test("a fleet in sync is a heading")
  func inSync() {
    #expect(
      render([Fixture.node("pi1")]) == """
        ### fleetd: no changes · 1 in sync

        fleet <code>home</code> · commit <code>3f9c2e1</code> · observed 2026-11-21 03:12 UTC

        """
    )
  }

  @Test("drift that is not selected is one line")
  func notSelected() {
    let text = render([Fixture.node("pi1", [Fixture.packages(2)], isSelected: false)])
    #expect(text.hasSuffix("</code>\n\ndrift, not selected (2 changes)\n"))
  }

  @Test("diffs are left out before nodes are, and a line counts them")
  func cutDiffs() {
    let diff = (1...200).map { "+\($0) " + String(repeating: "x", count: 100) }
    let nodes = (1...10).map { number in
      Fixture.node("pi\(number)", [Fixture.set(Change(.add, Fixture.file, "/etc/\(number)", diff: diff))])
    }
    let text = render(nodes)
    #expect(text.utf8.count <= 60_000)
    #expect(text.utf8.count > 30_000)
    for number in 1...10 { #expect(text.contains("#### <code>pi\(number)</code>")) }
    let shown = text.split(separator: "\n").count { $0.hasPrefix("<details>") }
    #expect((1..<10).contains(shown))
    #expect(
      text.contains("\n**Cut:** \(10 - shown) diffs of other nodes would make this text longer than 60000 bytes; ")
    )
  }

  @Test("a plan of any size has room in a comment")
  func cutNodes() {
    let message = String(repeating: "|", count: 1000)
    let finding = Finding(.refused, .diskFull, Fixture.file, message)
    let nodes = (1...300).map { number in
      Fixture.node("pi\(number)" + message, [Fixture.packages(12)], [finding], address: message)
    }
    let plan = FleetPlan(
      fleet: message,
      revision: .unknown(message),
      observedAt: 0,
      nodes: nodes,
      reserved: (1...50).map { "\($0)" + message }
    )
    let text = MarkdownRenderer().render(plan)
    #expect(text.utf8.count <= 60_000)
    let shown = text.split(separator: "\n").count { $0.hasPrefix("#### ") }
    #expect((1..<300).contains(shown))
    #expect(text.contains("\n**Cut:** \(300 - shown) nodes would make this text longer"))
  }

  @Test("with waves of long names the heading alone keeps within its bound")
  func cutWaves() {
    let name = String(repeating: "`", count: 1000)
    let reboot = Fixture.set(Change(.act, Fixture.reboot, ""), disturbance: .reboots)
    let text = render((1...100).map { Fixture.node("\($0)" + name, [reboot]) })
    #expect(text.utf8.count <= 60_000)
    #expect(text.contains(" · and 92 more\n"))
  }
}
