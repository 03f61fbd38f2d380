import Testing

@testable import FleetModel

@Suite("one path has one owner")
struct PathClaimsTests {
  private func messages(_ spec: String) -> String {
    InventoryText.decode(InventoryText.fleet, InventoryText.node(spec: spec)).messages.joined(separator: "\n")
  }

  @Test(
    "two kinds on one path are named",
    arguments: [
      ("directory", "file", "directories: [{path: /a/b}], files: [{path: /a/b, content: x}]"),
      ("file", "link", "files: [{path: /a/b, content: x}], links: [{path: /a/b, target: c}]"),
      ("directory", "mount", "directories: [{path: /a/b}], mounts: [{path: /a/b, device: tmpfs, type: tmpfs}]"),
    ])
  func twice(_ one: String, _ other: String, _ spec: String) {
    #expect(messages(spec).contains("pi1: /a/b is claimed by \(one) and by \(other)"))
  }

  @Test(
    "nothing stands below a link, a file, or what shall be absent",
    arguments: [
      ("which is declared as a link", "links: [{path: /a, target: /b}], files: [{path: /a/x/y, content: z}]"),
      ("which file declares as a file", "files: [{path: /a, content: z}, {path: /a/x/y, content: z}]"),
      ("which shall be absent", "directories: [{path: /a, state: absent}], links: [{path: /a/x/y, target: z}]"),
    ])
  func below(_ what: String, _ spec: String) {
    #expect(messages(spec).contains("pi1: /a/x/y is below /a, \(what)"))
  }

  @Test("what is in a declared directory or mount is fine, and so is what goes together with what holds it")
  func fine() {
    let spec = """
      directories: [{path: /a}, {path: /a/b}, {path: /old, state: absent}], mounts: [{path: /m, device: tmpfs, type: \
      tmpfs}], files: [{path: /a/b/c, content: z}, {path: /m/c, content: z}, {path: /old/c, state: absent}], \
      links: [{path: /ab, target: z}]
      """
    #expect(messages(spec).isEmpty)
  }

  @Test("a second spelling of a path is no path", arguments: ["/a//b", "/a/./b", "/a/../b", "/a/b/", "a/b", "/"])
  func spellings(_ path: String) {
    for spec in ["directories: [{path: \"\(path)\"}]", "links: [{path: \"\(path)\", target: x}]"] {
      #expect(messages(spec).contains("expected an absolute path"))
    }
  }

  @Test("the node settles what two profiles say differently of one entry, whatever its list is keyed by")
  func settled() {
    let one = InventoryText.profile("a", "{links: [{path: /l, target: one}], users: {x: {shell: /bin/sh}}}")
    let two = InventoryText.profile("b", "{links: [{path: /l, target: two}], users: {x: {shell: /bin/bash}}}")
    let fleet = InventoryText.fleet("{profiles: [a, b]}")
    let disputed = InventoryText.decode(fleet, one, two, InventoryText.node()).messages
    #expect(disputed.count == 2 && disputed.allSatisfy { $0.contains("two profiles of pi1 disagree") })
    let node = InventoryText.node(spec: "links: [{path: /l, target: three}], users: {x: {shell: /bin/zsh}}")
    #expect(InventoryText.decode(fleet, one, two, node).messages.isEmpty)
  }

  @Test("a conflict that the node replaces as a whole is settled too")
  func replaced() {
    let one = InventoryText.profile("a", "{packages: {xx: {version: \"1\"}}}")
    let two = InventoryText.profile("b", "{packages: {xx: {version: \"2\"}}}")
    let node = InventoryText.node(spec: "packages: {xx: absent}")
    #expect(InventoryText.decode(InventoryText.fleet("{profiles: [a, b]}"), one, two, node).messages.isEmpty)
  }
}
