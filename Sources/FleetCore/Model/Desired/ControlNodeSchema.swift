extension ControlNodeConfiguration {
  static let schema = DocumentSchema.document(
    kind: "ControlNode",
    spec: [
      Field(
        "checkout",
        .object(
          [Field("path", .text(.absolutePath), required: true, "The state repository's checkout.")]
            + CheckoutPolicy.fields),
        "Where the state repository is."
      ),
      Field(
        "mode", Mode.schema,
        "What the daemon does: observe shows the differences, enforce mends them where the inventory allows it. Default observe."
      ),
      Field("interval", .duration, "How often the daemon looks at each node; default 5m."),
      Field(
        "ssh",
        .object([
          Field(
            "identities",
            .list(of: LoginIdentity.schema, merge: .atomic),
            "Tried in order; default ~/.config/fleetd/id_ed25519, ~/.ssh/id_ed25519, ~/.ssh/id_ecdsa, then the agent of SSH_AUTH_SOCK."
          ),
          Field(
            "access", .choice(NodeAccess.allCases.map(\.rawValue)),
            "What the identities may do on nodes: full, or check: they may only look, as fleetd grant-check lets them. Default full."
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
            Field("env", .text(.notEmpty), "The environment variable that holds it."),
            Field("credential", .text(.secretName), "The name of a systemd credential, below $CREDENTIALS_DIRECTORY."),
            Field(
              "command", .list(of: .text(.notEmpty), merge: .atomic),
              "A command and its arguments, which prints it; no shell is in between."),
          ])
        ),
        "Where the secrets come from that the inventory names."
      ),
      Hooks.field,
      Decryption.field,
      NotificationReceiver.field,
      Field(
        "store",
        .object([
          Field(
            "path", .text(.absolutePath),
            "The file of the daemon's database; what else outlives a run is kept beside it. Default below "
              + "/var/lib/fleetd for root, ~/.local/state/fleetd for others.")
        ]),
        "Where fleetd keeps what outlives a run."
      ),
      HTTPSettings.field,
    ]
  )
}
