import Testing
import YAMLSource

@Suite("draft")
struct DraftTests {
  @Test("comments stand above what they explain, and short collections on one line")
  func comments() throws {
    let draft = YAMLDraft.mapping([
      .comment("two lines\nof comment"),
      .entry("kind", .string("Node")),
      .entry(
        "spec",
        .mapping([
          .comment("where"),
          .entry("address", .string("192.0.2.1")),
          .entry("boot", .value(node(["cgroups": node([node("cpu"), node("a,b")]), "on": node(.bool(true))]))),
          .entry(
            "files",
            .list([
              .comment("first"),
              .item(.mapping([.entry("path", .string("/a")), .entry("content", .string("x\ny\n"))])),
              .item(.mapping([.comment("inner"), .entry("path", .string("/b"))])),
            ])
          ),
          .entry("port", .int(22)),
          .comment("the end"),
        ])
      ),
    ])
    #expect(
      draft.text == """
        # two lines
        # of comment
        kind: Node
        spec:
          # where
          address: "192.0.2.1"
          boot: {cgroups: [cpu, "a,b"], "on": true}
          files:
            # first
            - path: /a
              content: |
                x
                y
            -
              # inner
              path: /b
          port: 22
          # the end

        """
    )
    let read = try document(draft.text)
    #expect(read.mapping?["spec"]?.mapping?["files"]?.sequence?.count == 2)
    #expect(read.mapping?["spec"]?.mapping?["boot"]?.mapping?["cgroups"]?.sequence?.last?.string == "a,b")
  }

  @Test("what holds nothing but comments is empty, not null")
  func empty() throws {
    let draft = YAMLDraft.mapping([
      .entry("spec", .mapping([.comment("jq: present")])), .entry("list", .list([.comment("none")])),
      .entry("labels", .mapping([])),
    ])
    #expect(draft.text == "spec: {}\n  # jq: present\nlist: []\n  # none\nlabels: {}\n")
    #expect(try document(draft.text).mapping?["spec"]?.mapping?.entries.isEmpty == true)
  }

  @Test(
    "no text in a comment ends it or acts on a terminal",
    arguments: [
      "a\nkey: value", "a\rkey: value", "a\u{2028}key: value", "a\u{85}key: value", "\u{1B}[2J", "\u{202E}x", "",
    ]
  )
  func hostileComments(_ text: String) throws {
    let draft = YAMLDraft.mapping([.comment(text), .entry("a", .mapping([.comment(text), .entry("b", .int(1))]))])
    let read = try document(draft.text)
    #expect(read.mapping?.entries.map(\.key) == ["a"])
    #expect(read.mapping?["a"]?.mapping?.entries.map(\.key) == ["b"])
    #expect(draft.text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value < 0x7F) })
  }

  @Test(
    "every string reads back as it was, on one line and in a block",
    arguments: [
      "", "a,b", "a: b", "{a}", "[a]", "# a", "yes", "0644", "1.10", " a ", "a\nb", "a\n", "\na", "é\u{7F}", "'", "\"",
      "\\",
      "- a", "*a", "&a", "!a", "%a", "@a", "`a", "?", ":", String(repeating: "long, ", count: 40),
    ]
  )
  func roundTrip(_ text: String) throws {
    let value = node([text: node([node(text), node([text.isEmpty ? "k" : text: node(text)])])])
    let draft = YAMLDraft.mapping([
      .entry("a", .value(value)),
      .entry("b", .list([.item(.string(text)), .item(.mapping([.entry(text, .string(text))]))])),
    ])
    let read = try document(draft.text)
    #expect(read.mapping?["a"]?.hasSameContent(as: value) == true, "\(draft.text)")
    #expect(read.mapping?["b"]?.sequence?.first?.string == text, "\(draft.text)")
    #expect(read.mapping?["b"]?.sequence?.last?.mapping?.entries.first?.value.string == text, "\(draft.text)")
  }
}
