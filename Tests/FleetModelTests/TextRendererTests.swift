import Testing

@testable import FleetModel

@Suite("plans as text")
struct TextRendererTests {
  private typealias Fixture = RendererFixture

  private func render(_ nodes: NodePlan..., isVerbose: Bool = false) -> String {
    TextRenderer(style: .plain, isVerbose: isVerbose).render(Fixture.plan(nodes))
  }

  private func lines(_ nodes: NodePlan..., isVerbose: Bool = false) -> [String] {
    TextRenderer(style: .plain, isVerbose: isVerbose).render(Fixture.plan(nodes)).split(separator: "\n").map(
      String.init
    )
  }

  @Test("a plan looks as the manual shows it, to the byte")
  func sample() {
    #expect(
      TextRenderer(style: .plain).render(Fixture.sample) == """
        fleet home  commit 3f9c2e1  observed 2026-11-21 03:12 UTC                    + add  ~ change  - remove  ! act

        pi3  agent  192.168.1.13
          ~ package  nfs-common     1:2.6.1-1 -> 1:2.6.2-4
          ~ boot     cmdline        + cgroup_enable=memory               /boot/firmware/cmdline.txt
          ! reboot                  the memory controller is not live: the firmware passes cgroup_disable=memory
          ~ file     /etc/rancher/k3s/config.yaml                        restarts k3s-agent
              - kubelet-arg: [system-reserved=memory=128Mi]
              + kubelet-arg: [system-reserved=memory=256Mi]
          ! start    k3s-agent                                           (after reboot)
        pi7  agent  192.168.1.17    not observed: connection refused

        waves: 1 pi3 (reboot, restart k3s)          held: none          blocked: none
        Plan: 5 changes on 1 of 10 nodes · 8 in sync · 1 not observed

        """
    )
  }

  @Test("a fleet in sync is three lines")
  func inSync() {
    let text = render(Fixture.node("pi1"), Fixture.node("pi2"))
    #expect(text.hasSuffix("! act\n\nPlan: no changes · 2 in sync\n"))
    #expect(!text.contains("pi1"))
  }

  @Test("one is singular")
  func singular() {
    let change = Fixture.set(Change(.add, Fixture.package, "htop", to: .text("3.2")))
    #expect(lines(Fixture.node("pi1", [change])).last == "Plan: 1 change on 1 of 1 node · 0 in sync")
  }

  @Test("verbose lists nodes in sync with model, system and kernel")
  func verboseFacts() {
    #expect(
      lines(Fixture.node("pi1"), isVerbose: true).contains(
        "pi1  agent  192.168.1.13    in sync  Raspberry Pi 4 Model B Rev 1.4, Debian GNU/Linux 12 (bookworm), "
          + "kernel 6.12.25+rpt-rpi-v8"
      )
    )
  }

  @Test("the working tree's state is told")
  func revisions() {
    let renderer = TextRenderer(style: .plain)
    let modified = Fixture.plan([], revision: .commit("3f9c2e1a7d", isModified: true))
    #expect(renderer.render(modified).hasPrefix("fleet home  commit 3f9c2e1 (modified)  observed"))
    let none = Fixture.plan([], revision: .unknown("not a Git checkout"))
    #expect(renderer.render(none).hasPrefix("fleet home  no commit: not a Git checkout  observed"))
  }

  @Test("fields that are not acted on yet are named before the last line")
  func reserved() {
    let one = TextRenderer(style: .plain).render(Fixture.plan([], reserved: ["spec.updates"]))
    #expect(one.contains("\nnote: spec.updates is read and validated, not acted on yet by this version\nPlan: "))
    let two = TextRenderer(style: .plain).render(Fixture.plan([], reserved: ["spec.updates", "spec.modules"]))
    #expect(two.contains("\nnote: spec.updates, spec.modules are read and validated"))
  }

  @Test("a held change says so in its line, and why once below")
  func held() {
    let node = Fixture.node("pi1", [Fixture.packages(2, held: Fixture.skew)])
    #expect(
      lines(node).dropFirst() == [
        "pi1  agent  192.168.1.13",
        "  + package  package-1      1.1                                  held: clock-skew",
        "  + package  package-2      1.2                                  held: clock-skew",
        "  held  clock-skew  packages wait for the node's clock, which is 90 s off",
        "      → check time synchronisation on the node (timedatectl)",
        "waves: none          held: pi1          blocked: none",
        "Plan: 2 changes on 1 of 1 node · 0 in sync · 2 held",
      ]
    )
  }

  @Test("findings stand gravest first, with reason, message and what to do next")
  func findings() {
    let node = Fixture.node(
      "pi1",
      [],
      [
        Finding(.note, .notice, Fixture.file, "by the way"),
        Finding(.blocked, .unitNotFound, Fixture.file, "apt says\n\nline two\r\nline three", next: "mend it"),
        Finding(.refused, .diskFull, Fixture.file, "12 MiB are free", next: "make room\nor buy a card"),
      ]
    )
    #expect(
      lines(node).dropFirst(2) == [
        "  refused  disk-full  12 MiB are free",
        "      → make room",
        "        or buy a card",
        "  blocked  unit-not-found  apt says",
        "      line two",
        "      line three",
        "      → mend it",
        "  note  notice  by the way",
        "waves: none          held: none          blocked: pi1          refused: pi1",
        "Plan: no changes · 0 in sync · 1 refused · 1 blocked",
      ]
    )
  }

  @Test("a node that is away takes one line, one that refuses says what to do")
  func notObserved() {
    let text = lines(Fixture.away("pi7", Fixture.refusedConnection), Fixture.away("pi8", Fixture.changedHostKey))
    #expect(
      text.dropFirst() == [
        "pi7  agent  192.168.1.17    not observed: connection refused",
        "pi8  agent  192.168.1.17    not observed: the host key changed: SHA256:abc became SHA256:def  [host-key-changed]",
        "      → fleetd trust pi8",
        "Plan: no changes · 0 in sync · 2 not observed",
      ]
    )
    let verbose = lines(Fixture.away("pi7", Fixture.refusedConnection), isVerbose: true)
    #expect(verbose.contains("      → see whether the node is up"))
  }

  @Test("drift on a node that is not selected is one line and no part of the count")
  func notSelected() {
    let drifting = Fixture.node("pi1", [Fixture.packages(3)], isSelected: false)
    let refused = Fixture.node(
      "pi2",
      [],
      [Finding(.refused, .diskFull, Fixture.file, "full")],
      isSelected: false
    )
    let reboot = Fixture.set(Change(.act, Fixture.reboot, ""), disturbance: .reboots)
    #expect(
      lines(drifting, refused, Fixture.node("pi3", [reboot], isSelected: false)).dropFirst() == [
        "pi1  agent  192.168.1.13    drift, not selected (3 changes)",
        "pi2  agent  192.168.1.13    not selected (1 refused)",
        "pi3  agent  192.168.1.13    drift, not selected (1 change)",
        "Plan: no changes · 0 in sync · 3 not selected",
      ]
    )
  }

  @Test("servers come first in the waves, and a long roll-out is counted")
  func waves() {
    let restart = Fixture.set(Change(.act, Fixture.k3s, "k3s"), disturbance: .restartsK3s)
    let reboot = Fixture.set(Change(.act, Fixture.reboot, ""), disturbance: .reboots)
    #expect(
      render(Fixture.node("pi1", [reboot]), Fixture.node("pi2", [restart], role: .server)).contains(
        "\nwaves: 1 pi2 (restart k3s)  2 pi1 (reboot)          held: none"
      )
    )
    let many = Fixture.plan((1...11).map { Fixture.node("pi\($0)", [reboot]) })
    #expect(TextRenderer(style: .plain).render(many).contains("  8 pi8 (reboot)  and 3 more     "))
    #expect(TextRenderer(style: .plain, isVerbose: true).render(many).contains("  11 pi11 (reboot)     "))
  }

  @Test("headings line up, and one very long name does not move the others")
  func headings() {
    let long = String(repeating: "n", count: 40)
    let text = lines(
      Fixture.away("a", Fixture.refusedConnection),
      Fixture.away("abcdef", Fixture.refusedConnection),
      Fixture.away(long, Fixture.refusedConnection)
    )
    #expect(text[1].hasPrefix("a       agent  192.168.1.17    not"))
    #expect(text[2].hasPrefix("abcdef  agent  192.168.1.17    not"))
    #expect(text[3].hasPrefix("\(long)  agent  192.168.1.17  not"))
  }

  @Test("colours only repeat what the text says")
  func colours() throws {
    let plain = TextRenderer(style: .plain).render(Fixture.everything())
    let colored = TextRenderer(style: TerminalStyle(isColored: true)).render(Fixture.everything())
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("\u{1B}[32m+ file\u{1B}[0m") == false, "held rows are dim")
    #expect(colored.contains("\u{1B}[32m+ package\u{1B}[0m"))
    #expect(colored.contains("\u{1B}[31mrefused\u{1B}[0m"))
    #expect(colored.replacing(try Regex("\u{1B}\\[[0-9]+m"), with: "") == plain)
  }
}
