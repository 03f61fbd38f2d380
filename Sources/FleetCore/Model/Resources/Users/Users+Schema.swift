import YAMLSource

extension Users {
  package static let field: Field? = Field(
    "users",
    .map(
      keys: .account,
      values: .object([
        Field("uid", .integer(1...2_000_000_000), "The number of a new account; default the next free one."),
        Field("group", .text(.account), "The primary group; default a group of its own."),
        Field("groups", .list(of: .text(.account), merge: .set), "Further groups; others that it is in stay."),
        Field("shell", .text(.absolutePath), "Of a new account default /bin/bash, of a system account nologin."),
        Field("home", .text(.homeDirectory), "Default /home/NAME; what is in an old home moves along."),
        Field("comment", .text(.accountComment), "The full name (GECOS)."),
        Field("system", .boolean, "A new account becomes a system account: low uid, no home. Default false."),
        Field(
          "password",
          .either([.secret, .choice(["locked"])]),
          "{secret: NAME}, whose value is a hash of crypt(3) as `openssl passwd -6` makes it; or locked."
        ),
        Field(
          "authorizedKeys",
          .object([
            Field("exclusive", .boolean, "Whether all other keys are removed; default false."),
            Field(
              "keys", .list(of: .text(.authorizedKey), merge: .set), required: true,
              "Public keys, as lines of authorized_keys."),
          ]),
          "Who may log in with a key."
        ),
        Field("state", .choice(["present", "absent"]), "Default present; absent removes the account."),
        Field("removeHome", .boolean, "With state: absent, remove its home as well; default false."),
      ])
    ),
    "Accounts by name. What is not said of one is left as it is."
  )
}

extension User {
  init(decoding entry: YAMLMapping.Entry, _ diagnostics: inout Diagnostics) {
    let fields = entry.value.mapping
    let keys = fields?["authorizedKeys"]?.mapping
    let password: Password? =
      switch fields?["password"] {
      case let node? where node.mapping != nil: .hash(SecretReference(node.mapping?["secret"]?.string ?? ""))
      case _?: .locked
      case nil: nil
      }
    self.init(
      name: entry.key,
      uid: fields?["uid"]?.int.map { Int($0) },
      group: fields?["group"]?.string,
      groups: Set(fields?["groups"]?.sequence?.compactMap(\.string) ?? []).sorted(),
      shell: fields?["shell"]?.string,
      home: fields?["home"]?.string,
      comment: fields?["comment"]?.string,
      isSystem: fields?["system"]?.bool ?? false,
      password: password,
      keys: keys.map { ($0["keys"]?.sequence ?? []).compactMap { $0.string.flatMap(AuthorizedKey.init) } },
      keysAreExclusive: keys?["exclusive"]?.bool ?? false,
      isAbsent: fields?["state"]?.string == "absent",
      removesHome: fields?["removeHome"]?.bool ?? false,
      mark: entry.keyNode.mark
    )
    reportContradictions(fields, keys, &diagnostics)
  }

  private func reportContradictions(
    _ fields: YAMLMapping?,
    _ keyFields: YAMLMapping?,
    _ diagnostics: inout Diagnostics
  ) {
    var seen: [String: AuthorizedKey] = [:]
    for node in keyFields?["keys"]?.sequence ?? [] {
      guard let key = node.string.flatMap(AuthorizedKey.init) else { continue }
      if let twin = seen.updateValue(key, forKey: key.base64), !twin.isEquivalent(to: key) {
        diagnostics.report(at: node.mark, "users.\(name): the key \(key.fingerprint) stands twice, with other options")
      }
    }
    if !isAbsent, removesHome {
      diagnostics.report(
        at: fields?["removeHome"]?.mark ?? mark,
        "users.\(name): \"removeHome\" needs state: absent",
        hint: "a home is removed together with its account only"
      )
    }
    if isAbsent, let other = fields?.entries.first(where: { !["state", "removeHome"].contains($0.key) }) {
      diagnostics.report(
        at: other.keyNode.mark,
        "users.\(name): \"\(other.key)\" says nothing about an account that shall be absent",
        hint: "leave it out"
      )
    }
    if name == "root", isAbsent || uid != nil || home != nil {
      diagnostics.report(at: mark, "users: root stays, with its uid and its home", hint: "leave these out")
    }
  }
}

extension TextRule {
  /// useradd(8) refuses a colon; a comma separates the parts that finger(1) knows.
  static let accountComment = TextRule("a full name on one line") { text in
    if text.contains(":") { return "holds a colon" }
    return text.utf8.count > 512 ? "is longer than 512 bytes" : nil
  }
}
