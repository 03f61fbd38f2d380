extension Files {
  package static let field: Field? = Field(
    "files",
    .list(
      of: .object([
        Field("path", .text(.absolutePath), required: true, "Where the file is on the node."),
        Field(
          "content",
          .either([.text(.fileContent), .secret]),
          "The file's content, or {secret: NAME}: then only a difference is ever shown."
        ),
        Field("mode", .text(.fileMode), "Four octal digits in quotes; default \"0644\", for a secret \"0600\"."),
        Field("owner", .text(.account), "The account that owns it; default root."),
        Field("group", .text(.account), "Its group; default root."),
        Field(
          "validate",
          .list(of: .text(.notEmpty), merge: .atomic),
          "A command that must accept the new content before it is put in place; one argument is %s, the new file. "
            + "sshd and sudoers files have theirs by default."
        ),
        Field(
          "notify",
          .either([.text(.unitName), .list(of: .text(.unitName), merge: .set)]),
          "Units that are restarted, once, when the file changes."
        ),
        Field("state", .choice(["present", "absent"]), "Default present; absent removes the file."),
      ]),
      merge: .map(key: "path")
    ),
    "Files with their content, owner and mode, by path."
  )
}

extension TextRule {
  /// Text as a file holds it: line breaks and tabs are its own; up to 1 MiB.
  package static let fileContent = TextRule("the file's text", allowingControlCharacters: true) { text in
    if text.utf8.count > 1 << 20 { return "is longer than 1 MiB" }
    return text.unicodeScalars.contains("\0") ? "holds a NUL byte" : nil
  }
}
