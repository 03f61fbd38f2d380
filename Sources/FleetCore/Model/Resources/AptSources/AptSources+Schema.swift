import YAMLSource

extension AptSources {
  package static let field: Field? = Field(
    "aptSources",
    .map(
      keys: .aptSourceName,
      values: .object([
        Field(
          "types", .list(of: .choice(["deb", "deb-src"]), merge: .set),
          "deb for packages, deb-src for their sources; default deb."),
        Field("uris", .list(of: .text(.aptURI), merge: .set), "Where the repository is: http, https, file or cdrom."),
        Field(
          "suites", .list(of: .text(.aptWord), merge: .set), "Such as bookworm; one that ends with / has no components."
        ),
        Field(
          "components", .list(of: .text(.aptWord), merge: .set),
          "Parts of a suite, such as main; required unless the suite ends with /."),
        Field(
          "architectures", .list(of: .text(.aptWord), merge: .set),
          "Architectures to fetch; default those that dpkg knows."),
        Field(
          "signedBy",
          .text(.signedBy),
          "The repository's key, ASCII-armoured; or the path of a keyring that a package brings."
        ),
        Field("trusted", .boolean, "true: its packages are installed without any check of a signature. Default false."),
        Field("enabled", .boolean, "false keeps the source, and apt does not use it. Default true."),
        Field("state", .choice(["present", "absent"]), "Default present; absent removes the source and its key."),
      ])
    ),
    "Package sources of apt by name: NAME.sources below /etc/apt/sources.list.d."
  )
}

extension TextRule {
  /// sources.list(5): letters, digits, `_`, `-` and `.`; the rest of the file's name is fleetd's.
  static let aptSourceName = word(
    "the name of a package source (a-z, 0-9, -, _)",
    first: .lowercaseAlphanumeric,
    rest: .init(lowercaseOnly: true, "-_"),
    length: 64
  )

  static let aptWord = word(
    "a suite, component or architecture", first: .init("./"), rest: .init("./_+~:-"), length: 128)

  static let aptURI = TextRule("a URI such as https://deb.debian.org/debian") { text in
    let schemes = ["https://", "http://", "file:/", "cdrom:"]
    guard let scheme = schemes.first(where: { text.hasPrefix($0) }) else {
      return "begins with none of \(schemes.joined(separator: ", "))"
    }
    let rest = text.dropFirst(scheme.count)
    if scheme.hasPrefix("http"), rest.prefix(while: { $0 != "/" }).contains("@") {
      return "names an account: put it into a file below /etc/apt/auth.conf.d, with its password as a secret"
    }
    return word("", first: .init("/[."), rest: .init(":/._-%+~[]@=,"), length: 1024).problem(with: String(rest))
  }

  static let signedBy = TextRule(
    "an ASCII-armoured public key, or the absolute path of a keyring",
    allowingControlCharacters: true
  ) { text in
    if text.hasPrefix("/") { return absolutePath.problem(with: text) ?? aptWordPath.problem(with: text) }
    guard text.utf8.count <= 256 << 10 else { return "is longer than 256 KiB" }
    // TextRule shows the text; of a key nobody wants to read the beginning.
    do throws(OpenPGPArmour.Problem) {
      _ = try OpenPGPArmour(text)
      return nil
    } catch {
      return error.text
    }
  }

  /// A deb822 field cannot quote: the path of a keyring holds no white space.
  private static let aptWordPath = word("", first: .init("/"), rest: .init("/._+~-"), length: 1024)
}
