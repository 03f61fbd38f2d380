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
      Field("apiVersion", .choice([apiVersion]), required: true, "The version of this format: always fleetd/v1."),
      Field("kind", .choice([kind]), required: true, "What the document is about."),
      Field(
        "metadata",
        .object(
          [
            Field(
              "name", .text(kind == "Node" ? .hostName : .name), required: true,
              "Its name; unique among the documents of its kind.")
          ]
            + (labels ? [labelField] : [])
        ),
        required: true,
        "The document's name, and a Node's labels."
      ),
      Field(
        "spec", .object(spec), required: kind == "Node" || kind == "Fleet", "The desired state: what fleetd makes true."
      ),
    ])
  }

  package static let fleet: [Field] = [
    Field("profiles", .list(of: .text(.name), merge: .set), "Names of the profiles that every node has, in order."),
    Field("ssh", .object(login + [Field("proxyJump", proxyJump, bastion)]), "How fleetd logs in."),
    Field("k3s", .object(k3s), "The k3s cluster; without it fleetd keeps plain nodes."),
    Field(
      "rollout", .object(RolloutSettings.fields),
      "How fast what disturbs a node (a reboot, a restart of k3s) may go, and when."),
    Field(
      "reprovision",
      .object([Field("target", .duration, "The target from order to converged; default 60m.")]),
      "How long rebuilding a node may take."
    ),
    ManifestSettings.field,
    CheckAccess.fleetField,
    Field(
      "mode", Mode.schema,
      "observe: the daemon changes no node and no object, though the control node's mode is enforce; profiles and nodes may say otherwise for themselves."
    ),
  ]

  private static let login: [Field] = [
    Field("user", .text(.account), "The account that fleetd logs in as; it needs sudo. Default: fleet."),
    Field("port", .integer(1...65_535), "The port of sshd; default 22."),
  ]

  private static let bastion = "The bastion that nodes are reached through, as OpenSSH's ProxyJump; default none."

  private static let proxyJump: Schema = .object([
    Field("address", .text(.address), required: true, "The bastion's host name or IP address."),
    Field("user", .text(.account), "The account on the bastion, which needs no sudo; default that of the node."),
    Field("port", .integer(1...65_535), "The port of the bastion's sshd; default 22."),
    Field(
      "hostKeys", .list(of: .text(.hostKey), merge: .atomic),
      "The bastion's pinned host keys; without any, the control node's known_hosts decides."),
  ])

  package static let k3s: [Field] = [
    Field("version", .text(.k3sVersion), required: true, "The release, to the letter; channels are not followed."),
    Field(
      "source",
      .object([
        Field("url", .text(.releaseURL), "A mirror: <url>/<version>/k3s-arm64 and sha256sum-arm64.txt."),
        Field("directory", .text(.absolutePath), "The same layout, in a directory of the control node."),
      ]),
      required: true,
      "Where releases come from: a url or a directory."
    ),
    Field(
      "airgapImages", .boolean,
      "Gives nodes the release's own images (k3s-airgap-images-arm64.tar.zst of the source), so that k3s pulls none; default false."
    ),
    Field(
      "datastore", .choice(K3sSettings.Datastore.allCases.map(\.rawValue)),
      "Where the cluster keeps its state; default etcd."),
    Field("endpoint", .text(.endpointURL), "What agents join at; default the server's address, port 6443."),
    Field(
      "token", .secret,
      "The cluster's token; default: fleetd makes one and keeps it on the control node."),
    Field(
      "config",
      .object([
        Field("server", .freeForm, "Keys of `k3s server`: config.yaml of every server."),
        Field("agent", .freeForm, "Keys of `k3s agent`: config.yaml of every agent."),
      ]),
      "k3s' own keys, as its config.yaml has them."
    ),
    Field("registries", K3sRegistries.schema, "registries.yaml of every node; passwords as {secret: NAME}."),
    Field("environment", K3sEnvironment.schema, "Variables of k3s' unit, such as HTTPS_PROXY; values may be secrets."),
    Field("startTimeout", .duration, "How long k3s may take from its start until it is ready; default 5m."),
  ]

  /// What a Profile and a Node share: the kinds.
  package static let profile: [Field] =
    [
      Field(
        "mode", Mode.schema,
        "observe: the daemon only shows what differs; enforce: it mends it, where the control node's mode is enforce. Default: the Fleet's."
      )
    ] + ResourceRegistry.fields

  package static let node: [Field] =
    [
      Field("address", .text(.address), required: true, "The host name or IP address that fleetd connects to."),
      Field(
        "hostKeys", .list(of: .text(.hostKey), merge: .set),
        "Pinned host keys, \"ssh-ed25519 AAAA…\"; without any, the control node's known_hosts decides."),
      Field("role", .choice(Role.allCases.map(\.rawValue)), "server or agent; without it the node has no k3s."),
      Field(
        "serial",
        .text(.boardSerial),
        "The board's serial number, 16 hexadecimal digits: another board under this name is refused; default any."
      ),
      Field("arch", .choice(Architecture.allCases.map(\.rawValue)), "The machine's architecture; default arm64."),
      Field("profiles", .list(of: .text(.name), merge: .set), "Further profiles, in order."),
      Field(
        "ssh",
        .object(
          login + [
            Field(
              "proxyJump", .either([.choice(["none"]), proxyJump]),
              "The bastion of this node, wholly instead of the Fleet's; none: no bastion.")
          ]),
        "How fleetd logs in, where it differs from the Fleet."
      ),
      Field(
        "kubernetes",
        .object([
          Field("labels", .map(keys: .labelKey, values: .text(.labelValue)), "Labels of the Kubernetes Node object."),
          Field(
            "taints", .list(of: .text(.taint), merge: .set),
            "Its taints: \"key=value:NoSchedule\", PreferNoSchedule or NoExecute."),
        ]),
        "What the Kubernetes Node object carries."
      ),
    ] + profile
}
