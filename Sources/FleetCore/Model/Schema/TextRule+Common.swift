extension TextRule {
  package static let anything = TextRule("a string") { _ in nil }

  package static let notEmpty = TextRule("a string that is not empty", pattern: #"[\s\S]"#) {
    $0.isEmpty ? "is empty" : nil
  }

  /// RFC 1123 label, as Kubernetes wants node names and Linux wants host names.
  package static let hostName = TextRule(
    "a host name (RFC 1123: a-z, 0-9, -)", pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
  ) { text in
    if let problem = word("", first: .lowercaseAlphanumeric, rest: .init(lowercaseOnly: true, "-"), length: 63)
      .problem(with: text)
    {
      return problem
    }
    return text.hasSuffix("-") ? "ends with \"-\"" : nil
  }

  package static let name = word(
    "a name (a-z, 0-9, -, .)",
    first: .lowercaseAlphanumeric,
    rest: .init(lowercaseOnly: true, "-."),
    length: 63
  )

  /// A host name, an IPv4 or an IPv6 address; the resolver has the last word.
  package static let address = word("a host name or address", first: .init(":"), rest: .init(".-:%"))

  /// `useradd`'s rule as Debian configures it, and `systemd`'s: what every tool accepts.
  package static let account = word(
    "a user or group name",
    first: .init(lowercaseOnly: true, "_"),
    rest: .init(lowercaseOnly: true, "_-"),
    length: 32
  )

  package static let absolutePath = TextRule("an absolute path", pattern: #"^/[\s\S]*[^/]$"#) { text in
    guard text.hasPrefix("/") else { return "does not start with \"/\"" }
    guard text.utf8.count < 4096 else { return "is longer than 4095 bytes" }
    guard text != "/" else { return "is the root directory" }
    guard !text.hasSuffix("/") else { return "ends with \"/\"" }
    let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    return parts.contains { $0.isEmpty || $0 == "." || $0 == ".." } ? "is not in its simplest form" : nil
  }

  /// Where an account may live: not below /proc, /sys and /dev, where `/proc/1/root/etc` would be another name for
  /// /etc. Where other kinds may write, `SystemPaths` tells.
  package static let homeDirectory = TextRule("an absolute path", pattern: #"^/[\s\S]*[^/]$"#) { text in
    if let problem = absolutePath.problem(with: text) { return problem }
    let top = text.dropFirst().prefix { $0 != "/" }
    return ["proc", "sys", "dev"].contains(top) ? "is the kernel's, below /\(top)" : nil
  }

  /// As /sys/firmware/devicetree/base/serial-number has it. In quotes: YAML takes digits alone for a number.
  package static let boardSerial = TextRule(
    "a board's serial number, such as \"10000000abcdef01\"", pattern: "^[0-9A-Fa-f]{16}$"
  ) { text in
    text.count == 16 && text.allSatisfy { $0.isASCII && $0.isHexDigit } ? nil : "is not 16 hexadecimal digits"
  }

  /// Four octal digits in quotes, as YAML 1.2 reads a bare 0644 as the number 644.
  package static let fileMode = TextRule("a file mode in quotes, such as \"0644\"", pattern: "^[0-7]{4}$") { text in
    guard text.count == 4, text.allSatisfy({ ("0"..."7").contains($0) }) else { return "is not four octal digits" }
    return nil
  }

  /// `systemd.unit(5)`: letters, digits and `:-_.\@`.
  package static let unitName = word("a systemd unit name", first: .init("_"), rest: .init(":-_.\\@"), length: 255)

  /// Debian policy 5.6.1: a-z 0-9 + - . and at least two characters.
  package static let packageName = TextRule("a Debian package name", pattern: "^[a-z0-9][a-z0-9+.-]{1,127}$") { text in
    let rule = word("", first: .lowercaseAlphanumeric, rest: .init(lowercaseOnly: true, "+-."), length: 128)
    return rule.problem(with: text) ?? (text.count < 2 ? "is one character long" : nil)
  }

  /// deb-version(7), with `*`, `?` and `[…]` for a pattern.
  package static let packageVersion = word(
    "a Debian version or a pattern such as \"1:2.6*\"",
    first: .init("*?["),
    rest: .init(".+-~:*?[]^"),
    length: 128
  )

  /// `{secret: NAME}` names: what a file, an environment variable or a credential may be called.
  package static let secretName = word("the name of a secret", rest: .init("-_."), length: 64)

  /// One word of the kernel command line. No white space: the line is split there; no quotes: the kernel would join.
  package static let kernelParameter = TextRule("one kernel parameter", pattern: "^[!#-~]{1,512}$") { text in
    if text.isEmpty { return "is empty" }
    if text.contains(where: \.isWhitespace) { return "holds white space: write one parameter per entry" }
    if text.contains("\"") || !text.allSatisfy(\.isASCII) { return "holds a quote or a character outside ASCII" }
    return text.count > 512 ? "is longer than 512 characters" : nil
  }

  /// What Kubernetes accepts as the value of a label.
  package static let labelValue = TextRule("a label value", pattern: "^([A-Za-z0-9][A-Za-z0-9_.-]{0,62})?$") { text in
    text.isEmpty ? nil : word("", rest: .init("-_."), length: 63).problem(with: text)
  }

  package static let labelKey = TextRule(
    "a label key", pattern: "^([A-Za-z0-9.-]{1,253}/)?[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"
  ) { text in
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let name = word("", rest: .init("-_."), length: 63)
    if let problem = name.problem(with: String(parts.last ?? "")) { return problem }
    return parts.count == 1 ? nil : word("", rest: .init("-."), length: 253).problem(with: String(parts[0]))
  }
}
