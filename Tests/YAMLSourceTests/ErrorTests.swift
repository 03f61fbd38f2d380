import Testing
import YAMLSource

@Suite("errors as they are shown")
struct ErrorTests {
  @Test(
    "syntax errors show their place and the way out",
    arguments: [
      (
        "key:\n\tvalue: 1\n",
        """
        test.yaml:2:1: found character that cannot start any token while scanning for the next token: indent with \
        spaces, not tabs
          \tvalue: 1
          ^
        """
      ),
      (
        "image: @registry\n",
        """
        test.yaml:1:8: found character that cannot start any token while scanning for the next token: quote the text \
        that begins with "@"
          image: @registry
                 ^
        """
      ),
      (
        "content: a: b\n",
        """
        test.yaml:1:11: mapping values are not allowed in this context: quote a text that contains ": ", or check \
        the indentation
          content: a: b
                    ^
        """
      ),
      (
        "spec:\n  a: 1\n b: 2\n",
        """
        test.yaml:3:2: did not find expected key while parsing a block mapping that begins on line 1: check the \
        indentation and the quotes up to here
           b: 2
           ^
        """
      ),
      (
        "a: 1\nb: \"never closed\nc: 3\n",
        """
        test.yaml:2:4: found unexpected end of stream while scanning a quoted scalar
          b: "never closed
             ^
        """
      ),
      (
        "a: [1, 2\n",
        """
        test.yaml:1:4: did not find expected ',' or ']' while parsing a flow sequence
          a: [1, 2
             ^
        """
      ),
      (
        "a: |\n  x\n \ty\n",
        """
        test.yaml:3:2: found a tab character where an indentation space is expected while scanning a block scalar \
        that begins on line 1: indent with spaces, not tabs
           \ty
           ^
        """
      ),
      (
        "a: \"\\q\"\n",
        """
        test.yaml:1:5: found unknown escape character while parsing a quoted scalar
          a: "\\q"
              ^
        """
      ),
      (
        "a: *\n",
        """
        test.yaml:1:5: did not find expected alphabetic or numeric character while scanning an alias
          a: *
              ^
        """
      ),
      (
        "a: !x!y z\n",
        """
        test.yaml:1:4: found undefined tag handle while parsing a node
          a: !x!y z
             ^
        """
      ),
      (
        "%YAML 3.0\n---\n",
        """
        test.yaml:1:1: found incompatible YAML document
          %YAML 3.0
          ^
        """
      ),
      (
        "a: 'x\n--- b'\n",
        """
        test.yaml:2:1: found unexpected document indicator while scanning a quoted scalar that begins on line 1
          --- b'
          ^
        """
      ),
      (
        "- a\nb: c\n",
        """
        test.yaml:2:1: did not find expected '-' indicator while parsing a block collection that begins on line 1
          b: c
          ^
        """
      ),
    ]
  )
  func syntax(text: String, expected: String) {
    #expect(failure(of: text) == expected)
  }

  @Test(
    "what is not text is an error with its place",
    arguments: [
      (
        [0x61, 0x3A, 0x20, 0xFF],
        "test.yaml:1:4: invalid UTF-8 at byte 0xFF: save the file as UTF-8\n  a: \u{FFFD}\n     ^"
      ),
      ([0x0A, 0xC3, 0x28], "test.yaml:2:1: invalid UTF-8 at byte 0xC3: save the file as UTF-8\n  \u{FFFD}(\n  ^"),
      (
        [0x61, 0xED, 0xA0, 0x80],
        "test.yaml:1:2: invalid UTF-8 at byte 0xED: save the file as UTF-8\n  a\u{FFFD}\u{FFFD}\u{FFFD}\n   ^"
      ),
      ([0x61, 0xE2, 0x82], "test.yaml:1:2: invalid UTF-8 at byte 0xE2: save the file as UTF-8\n  a\u{FFFD}\n   ^"),
      (
        [0xFF, 0xFE, 0x61, 0x00],
        "test.yaml:1:1: the file is UTF-16: save it as UTF-8\n  \u{FFFD}\u{FFFD}a\\x00\n  ^"
      ),
      (
        [0x61, 0x0A, 0x62, 0x00],
        "test.yaml:2:2: the file holds a NUL byte: it is not a text file, or was damaged\n  b\\x00\n   ^"
      ),
    ] as [([UInt8], String)]
  )
  func notText(bytes: [UInt8], expected: String) {
    #expect(failure(of: bytes) == expected)
  }

  @Test(
    "a control character is an error, even in a comment",
    arguments: [
      (
        "a: \u{1B}[2J",
        """
        test.yaml:1:4: the control character U+001B is not allowed: write it as \\x1b in double quotes
          a: \\x1b[2J
             ^
        """
      ),
      (
        "# \u{7}",
        """
        test.yaml:1:3: the control character U+0007 is not allowed: write it as \\x07 in double quotes
          # \\x07
            ^
        """
      ),
      (
        "\u{7F}",
        "test.yaml:1:1: the control character U+007F is not allowed: write it as \\x7f in double quotes\n  \\x7f\n  ^"
      ),
      (
        "\u{9B}1",
        "test.yaml:1:1: the control character U+009B is not allowed: write it as \\x9b in double quotes\n  \\x9b1\n  ^"
      ),
      (
        "a\u{FFFE}",
        "test.yaml:1:2: the character U+FFFE is not allowed: write it as \\ufffe in double quotes\n  a\\ufffe\n   ^"
      ),
    ]
  )
  func controlCharacters(text: String, expected: String) {
    #expect(failure(of: text) == expected)
  }

  @Test("a line break that only some readers know is an error", arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
  func unusualLineBreaks(character: String) throws {
    let shown = try #require(failure(of: "a: b\(character)c: d"))
    #expect(shown.hasPrefix("test.yaml:1:5: the line separator U+"))
  }

  @Test(
    "the neighbours of forbidden characters are allowed",
    arguments: ["\u{A0}", "Â", "\u{2027}", "\u{202F}", "\u{FFFD}", "\u{FEFF}", "ï", "â"]
  )
  func allowedCharacters(character: String) throws {
    #expect(try document("\"\(character)\"").string == character)
  }

  @Test(
    "an escape may stand for any character",
    arguments: [("\\0", "\0"), ("\\e", "\u{1B}"), ("\\u2028", "\u{2028}"), ("\\N", "\u{85}")]
  )
  func escapes(escape: String, expected: String) throws {
    #expect(try document("\"\(escape)\"").string == expected)
  }
}
