import Testing
import YAMLSource

@Suite("documents and marks")
struct DocumentTests {
  @Test(
    "a text without content holds no documents",
    arguments: ["", "\n\n", "# only\n# comments\n", "\u{FEFF}", "   \n", "\r\n"]
  )
  func nothing(text: String) throws {
    #expect(try documents(text).isEmpty)
  }

  @Test("a stream holds several documents in order")
  func several() throws {
    let all = try documents("a: 1\n---\n- b\n...\n---\n---\nc\n")
    #expect(all.map(\.kindDescription) == ["a mapping", "a list", "null", "a string"])
    #expect(all.map(\.mark.line) == [1, 3, 6, 7])
  }

  @Test("a byte order mark is accepted and takes no column")
  func byteOrderMark() throws {
    let document = try document("\u{FEFF}key: value\n")
    #expect(document.mapping?["key"]?.string == "value")
    #expect(document.mark.column == 1)
    #expect(document.mark.source.line(1) == "key: value")
  }

  @Test("every node and key knows its line and column")
  func marks() throws {
    let text = """
      # a comment
      metadata: {name: pi1, labels: {rack: a}}
      spec:
        hostKeys:
        - "ssh-ed25519"
        - >-
          folded
        empty:
      """
    let root = try document(text)
    let metadata = try #require(root.mapping?["metadata"])
    let spec = try #require(root.mapping?["spec"])
    let hostKeys = try #require(spec.mapping?["hostKeys"])
    #expect(root.mark.description == "test.yaml:2:1")
    #expect(metadata.mark.description == "test.yaml:2:11")
    #expect(metadata.mapping?["labels"]?.mark.description == "test.yaml:2:31")
    #expect(metadata.mapping?["labels"]?.mapping?["rack"]?.mark.description == "test.yaml:2:38")
    #expect(root.mapping?.entries.map(\.keyNode.mark.line) == [2, 3])
    #expect(spec.mark.description == "test.yaml:4:3")
    #expect(hostKeys.mark.description == "test.yaml:5:3")
    #expect(hostKeys.sequence?.map(\.mark.description) == ["test.yaml:5:5", "test.yaml:6:5"])
    #expect(spec.mapping?["empty"]?.mark.description == "test.yaml:8:9")
  }

  @Test("columns count characters, not bytes, and a tab is one")
  func columnsAreCharacters() throws {
    let items = try #require(try document("[\"Küche\", \"日本\", \"🍓\",\tx]").sequence)
    #expect(items.map(\.mark.column) == [2, 11, 17, 22])
  }

  @Test("lines end at LF, CR LF and CR alike", arguments: ["\n", "\r\n", "\r"])
  func lineBreaks(lineBreak: String) throws {
    let text = ["a: 1", "b: |", "  x", "  y", "c: 3"].joined(separator: lineBreak)
    let mapping = try #require(try document(text).mapping)
    #expect(mapping.entries.map(\.keyNode.mark.line) == [1, 2, 5])
    #expect(mapping["b"]?.string == "x\ny\n")
    #expect(mapping["c"]?.mark.source.line(5) == "c: 3")
  }

  @Test("a source file has the lines that an editor shows")
  func sourceLines() {
    let source = YAMLSourceFile(name: "f", bytes: Array("one\n\nthree\r\n".utf8))
    #expect(source.lineCount == 4)
    #expect((0...5).map(source.line) == [nil, "one", "", "three", "", nil])
  }

  @Test(
    "a mark outside its file moves to the nearest place inside",
    arguments: [(0, 0, 1, 1), (1, 99, 1, 4), (9, 9, 2, 2)]
  )
  func clampedMarks(line: Int, column: Int, expectedLine: Int, expectedColumn: Int) {
    let source = YAMLSourceFile(name: "f", bytes: Array("one\nx".utf8))
    let mark = source.mark(line: line, column: column)
    #expect(mark.line == expectedLine)
    #expect(mark.column == expectedColumn)
  }

  @Test("two readings of one file have equal marks, two files have not")
  func equality() {
    let first = YAMLSourceFile(name: "f", bytes: [0x61]).mark(line: 1, column: 1)
    let again = YAMLSourceFile(name: "f", bytes: [0x61]).mark(line: 1, column: 1)
    let other = YAMLSourceFile(name: "g", bytes: [0x61]).mark(line: 1, column: 1)
    #expect(first == again)
    #expect(first != other)
  }

  @Test("a file name cannot write to the terminal")
  func hostileName() {
    let mark = YAMLSourceFile(name: "a\u{1B}[2J\n.yaml", bytes: []).mark(line: 1, column: 1)
    #expect(mark.description == "a\\x1b[2J\\n.yaml:1:1")
  }
}
