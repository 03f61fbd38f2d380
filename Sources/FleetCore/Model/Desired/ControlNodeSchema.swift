extension ControlNodeConfiguration {
  static let schema = DocumentSchema.document(
    kind: "ControlNode",
    spec: [
      Field(
        "checkout",
        .object([
          Field("path", .text(.absolutePath), required: true, "The state repository's checkout."),
          Field("pull", .duration, reserved: true, "How often the daemon fetches."),
          Field("signers", .text(.absolutePath), reserved: true, "Who may sign commits."),
        ]),
        "Where the state repository is."
      ),
      Field("mode", .choice(["observe", "enforce"]), reserved: true, "What the daemon does."),
      Field(
        "ssh",
        .object([
          Field(
            "identities",
            .list(of: LoginIdentity.schema, merge: .atomic),
            "Tried in order; default ~/.ssh/id_ed25519, ~/.ssh/id_ecdsa, then the agent of SSH_AUTH_SOCK."
          ),
          Field(
            "knownHosts",
            .text(.absolutePath),
            "Host keys of nodes without spec.hostKeys; default ~/.config/fleetd/known_hosts, then ~/.ssh/known_hosts."
          ),
        ]),
        "How fleetd logs in."
      ),
      Field(
        "sudo",
        .object([Field("password", .secret, required: true, "The password of the account on the nodes.")]),
        "For nodes whose sudo asks for a password."
      ),
      Field(
        "secrets",
        .map(
          keys: .secretName,
          values: .object([
            Field("file", .text(.absolutePath), "A file that only its owner can read."),
            Field("env", .text(.notEmpty), "An environment variable."),
            Field("credential", .text(.secretName), "A systemd credential."),
            Field("command", .list(of: .text(.notEmpty), merge: .atomic), "A command that prints it."),
          ])
        ),
        "Where the secrets come from that the inventory names."
      ),
      Hooks.field,
      Field("decrypt", .freeForm, reserved: true, "How encrypted files are read."),
      Field(
        "store",
        .object([Field("path", .text(.absolutePath), "The database.")]),
        reserved: true,
        "The daemon's store."
      ),
      Field(
        "http",
        .object([Field("listen", .text(.notEmpty), "Address and port.")]),
        reserved: true,
        "The daemon's pages."
      ),
    ]
  )
}
