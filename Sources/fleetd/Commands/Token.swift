import ArgumentParser

/// `fleetd token`: the secret with which nodes join the cluster, and with which its datastore is encrypted.
struct Token: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give the cluster a new token, or keep the one that it has.",
    discussion: """
      Where the inventory names no secret under k3s.token, fleetd makes the token and keeps it on this control node, \
      readable for this account alone. Back it up with the snapshots: without it none can be restored.
      """,
    subcommands: [TokenRotate.self, TokenAdopt.self])
}
