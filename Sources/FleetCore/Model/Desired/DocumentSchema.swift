/// The three documents of a state repository, and the control node's own.
///
/// Every document is `{apiVersion: fleetd/v1, kind, metadata: {name}, spec}`.
package enum DocumentSchema {
  package static let apiVersion = "fleetd/v1"
  package static let kinds = ["Fleet", "Profile", "Node"]

  /// What each kind of document is for, one line each.
  package static let summaries = [
    "Fleet": "The whole fleet: what all nodes share, the k3s cluster, how changes roll out. There is one.",
    "Profile": "A named bundle of what is kept on nodes. The Fleet and each Node list the profiles that apply.",
    "Node": "One machine: where it is, what it is for, and what is kept on it beyond its profiles.",
    "ControlNode": "The control node's own configuration, /etc/fleetd/fleetd.yaml: root's, never the repository's.",
  ]

  package static func document(kind: String, spec: [Field], labels: Bool = false) -> Schema {
    let labelField = Field(
      "labels",
      .map(keys: .labelKey, values: .text(.labelValue)),
      "fleetd's own labels, for -l key=value."
    )
    return .object([
      Field("apiVersion", .choice([apiVersion]), required: true, "Always fleetd/v1."),
      Field("kind", .choice([kind]), required: true, "What the document is."),
      Field(
        "metadata",
        .object(
          [Field("name", .text(kind == "Node" ? .hostName : .name), required: true, "Its name.")]
            + (labels ? [labelField] : [])
        ),
        required: true,
        "Who it is."
      ),
      Field("spec", .object(spec), required: kind == "Node" || kind == "Fleet", "What is wanted."),
    ])
  }

  package static let fleet: [Field] = [
    Field("profiles", .list(of: .text(.name), merge: .set), "Profiles of every node."),
    ssh,
    Field("k3s", .object(k3s), "The k3s cluster; without it fleetd keeps plain nodes."),
    Field(
      "rollout",
      .object([
        Field(
          "agents",
          .object([Field("maxUnavailable", .integer(1...1000), reserved: true, "Agents disturbed at once; default 1.")]
          ),
          "How agents are taken in turn."
        ),
        Field("drain", .freeForm, reserved: true, "How nodes are drained."),
        Field("windows", .freeForm, reserved: true, "When what disturbs may happen."),
      ]),
      "How fast what disturbs may go."
    ),
    Field(
      "reprovision",
      .object([Field("target", .duration, "How long a rebuild may take; default 60m.")]),
      reserved: true,
      "The rebuild clock."
    ),
    Field(
      "manifests",
      .object([
        Field("path", .text(.notEmpty), "Directory in the repository; default cluster."),
        Field("prune", .boolean, "Whether objects that left Git are deleted."),
        Field("maxDeletions", .integer(0...10_000), "More deletions than this are refused."),
      ]),
      reserved: true,
      "The Kubernetes objects of the cluster."
    ),
  ]

  package static let ssh = Field(
    "ssh",
    .object([
      Field("user", .text(.account), "The account that fleetd logs in as; it needs sudo. Default fleet."),
      Field("port", .integer(1...65_535), "Default 22."),
    ]),
    "How fleetd logs in."
  )

  package static let k3s: [Field] = [
    Field("version", .text(.k3sVersion), required: true, "The release, to the letter; channels are not followed."),
    Field(
      "source",
      .object([
        Field("url", .text(.releaseURL), "A mirror: <url>/<version>/k3s-arm64 and sha256sum-arm64.txt."),
        Field("directory", .text(.absolutePath), "The same, in a directory of the control node."),
      ]),
      required: true,
      "Where releases come from: a url or a directory."
    ),
    Field("datastore", .choice(K3sSettings.Datastore.allCases.map(\.rawValue)), "Default etcd."),
    Field("endpoint", .text(.endpointURL), "What agents join at; default the server's address, port 6443."),
    Field("token", .secret, required: true, "The cluster's token."),
    Field(
      "config",
      .object([
        Field("server", .freeForm, "k3s server's own keys."),
        Field("agent", .freeForm, "k3s agent's own keys."),
      ]),
      "config.yaml of every server and of every agent."
    ),
    Field("registries", K3sRegistries.schema, "registries.yaml of every node; passwords as {secret: NAME}."),
    Field("startTimeout", .duration, "How long k3s may take from its start until it is ready; default 5m."),
  ]

  /// What a Profile and a Node share: the kinds.
  package static let profile: [Field] = ResourceRegistry.fields + reservedKinds

  package static let node: [Field] =
    [
      Field("address", .text(.address), required: true, "Host name or IP address."),
      Field("hostKeys", .list(of: .text(.hostKey), merge: .set), "Pinned host keys, \"ssh-ed25519 AAAA…\"."),
      Field("role", .choice(Role.allCases.map(\.rawValue)), "server or agent; without it the node has no k3s."),
      Field("arch", .choice(Architecture.allCases.map(\.rawValue)), "Default arm64."),
      Field("profiles", .list(of: .text(.name), merge: .set), "Further profiles, in order."),
      ssh,
      Field(
        "kubernetes",
        .object([
          Field("labels", .map(keys: .labelKey, values: .text(.labelValue)), "Labels of the Kubernetes node."),
          Field("taints", .list(of: .text(.taint), merge: .set), "Taints, \"key=value:Effect\"."),
        ]),
        "The Kubernetes node object."
      ),
    ] + profile

  /// Kinds that this version reads and validates; a plan says that it does not act on them.
  private static let reservedKinds: [Field] = [
    Field("modules", .list(of: .text(.moduleName), merge: .set), reserved: true, "Kernel modules."),
    Field(
      "updates",
      .object([Field("security", .choice(["auto", "hold"]), "Security updates.")]),
      reserved: true,
      "Updates of the operating system."
    ),
  ]
}
