/// The files that every new state repository begins with; `fleetd init DIR` writes them.
///
/// What they say about fleetd is true of this version: a test decodes them, and compares the fields that they name with
/// the schema's.
package enum StateRepositoryTemplate {
  /// A small fleet to be edited: one Fleet, one Profile, one Node.
  package static let example = inventory + surroundings

  /// All but the inventory: for one that was written from observation.
  package static let surroundings = [
    file("README.md", readMe),
    file(".gitignore", gitIgnore),
    file("cluster/base/README.md", "Manifests that everything else needs: namespaces, storage classes.\n"),
    file("cluster/apps/README.md", "Manifests of what runs on the cluster, a folder each.\n"),
    file("cluster/policies/README.md", "Network policies, limits, quotas.\n"),
    file("runbooks/README.md", runbooks),
  ]

  private static let inventory = [
    file("inventory/fleet.yaml", fleet),
    file("inventory/profiles/base.yaml", base),
    file("inventory/nodes/pi1.yaml", node),
  ]

  private static func file(_ name: String, _ text: String) -> InventoryFile {
    InventoryFile(name: name, bytes: Array(text.utf8))
  }

  private static let fleet = """
    # The fleet: what all nodes share.
    apiVersion: fleetd/v1
    kind: Fleet
    metadata: {name: home}
    spec:
      # Profiles of every node. Further ones are named by the nodes that need them.
      profiles: [base]

      # The account that fleetd logs in as, on every node. It needs sudo.
      ssh: {user: fleet}

      # The k3s cluster. Without it fleetd keeps plain nodes. To have one, remove the "# " and give a Node
      # "role: server" and the others "role: agent".
      # k3s:
      #   version: v1.33.4+k3s1                     # to the letter; channels are not followed
      #   source: {url: https://mirror.lan/k3s}     # <url>/<version>/k3s-arm64 and sha256sum-arm64.txt
      #   datastore: sqlite                         # etcd wants an SSD
      #   token: {secret: k3s-token}                # named here, defined in the control node's configuration
      #   config:
      #     server: {disable: [traefik]}            # k3s' own keys

    """

  private static let base = """
    # What every node of the fleet has. Deleting an entry ends its management and leaves the thing on the node;
    # "absent" removes it.
    apiVersion: fleetd/v1
    kind: Profile
    metadata: {name: base}
    spec:
      packages:
        curl: present
        # htop: absent
        # nfs-common: {version: "1:2.6*", hold: true}

      # A Raspberry Pi's firmware turns the memory controller off, and k3s needs it. This asks the kernel for it in
      # cmdline.txt, and verifies that it is live; that takes one reboot.
      # boot:
      #   cmdline: {present: [cgroup_memory=1, cgroup_enable=memory]}
      #   cgroups: [cpu, cpuset, memory, pids]

      # sysctl: {net.ipv4.ip_forward: 1}

      # files:
      #   - path: /etc/systemd/journald.conf.d/40-size.conf
      #     content: |
      #       [Journal]
      #       SystemMaxUse=200M
      #     notify: systemd-journald

      # A unit that does not exist satisfies this too.
      # services: {bluetooth: {enabled: false, state: stopped}}

    """

  private static let node = """
    # One node; its name is also its host name. Copy this file for the next one.
    apiVersion: fleetd/v1
    kind: Node
    metadata:
      name: pi1
      # For "fleetd --check -l rack=a".
      # labels: {rack: a}
    spec:
      # A name or an address. Edit this first.
      address: 192.168.1.11
      # arm64 unless said otherwise.
      # arch: amd64
      # Pinned host keys: compare with "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" on the node's console.
      # Without any, the control node's known_hosts decides.
      # hostKeys: ["ssh-ed25519 AAAA…"]
      # role: server                              # server or agent, once the Fleet has k3s

    """

  private static let readMe = """
    # A fleet's desired state

    What the nodes of this fleet shall be, for fleetd.

        fleetd --check --offline    # is the inventory valid? No network, no key, no secret
        fleetd --check              # what differs? Changes nothing
        fleetd --once               # make it so; asks before it deletes or disturbs

    | | |
    |---|---|
    | `inventory/fleet.yaml` | what all nodes share |
    | `inventory/profiles/` | named bundles; `base` is on every node |
    | `inventory/nodes/` | one file for each node |
    | `cluster/` | Kubernetes manifests |
    | `runbooks/` | what to do when something is wrong |

    Secrets are named here (`{secret: NAME}`) and never written here. What a name stands for is defined on the control
    node, in `/etc/fleetd/fleetd.yaml` or `~/.config/fleetd/fleetd.yaml`.

    """

  private static let gitIgnore = """
    # Secrets and the control node's own configuration belong outside of this repository. Should they stray in here:
    /fleetd.yaml
    *-token
    id_*
    *.key
    known_hosts

    """

  private static let runbooks = """
    Your own pages: one for each thing that can go wrong with what runs here. fleetd brings a page for each reason that
    it gives, such as `host-key-changed`; they are in `runbooks/` of its sources and of its package.

    """
}
