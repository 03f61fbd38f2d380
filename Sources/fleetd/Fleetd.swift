import ArgumentParser

/// The command line. It parses, wires and prints; it decides nothing about the fleet.
///
/// The root has no options of its own, so that each command takes its own and no other's: `fleetd enroll --check` is an
/// error. What is typed without a command's name is a `Pass`.
@main
struct Fleetd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleetd",
    abstract: "Keeps Raspberry Pi k3s fleets as one Git checkout says: shows every difference, then acts.",
    usage: """
      fleetd [options]
      fleetd --check [--offline | --base REV] [options]
      fleetd --once [--yes] [options]
      fleetd <command> [options]
      """,
    discussion: """
      fleetd                     the daemon: follows the checkout's commits; shows what differs, or mends it
      fleetd --check             observe every node and print the plan; changes nothing
      fleetd --check --offline   validate the inventory: no network, no key, no secret
      fleetd --check --base REV  what this branch changes for each node and the cluster; as offline
      fleetd --once              one pass that applies the plan, then observes again

      EXIT CODES
        0    in sync; after --once also: converged, or what is left is held
        1    something failed, was refused or is stalled; wins over all others
        2    drift
        3    in sync as far as seen, some nodes could not be observed
        4    drift, and some nodes could not be observed
        64   wrong usage
        130  interrupted
      """,
    version: FleetdVersion.current,
    subcommands: [
      Pass.self, Status.self, Reconcile.self, PauseCommand.self, Resume.self, Notify.self, History.self, Show.self,
      ReportCommand.self, Init.self, Doctor.self, Trust.self, Enroll.self, GrantCheck.self, ImageCommand.self,
      Exec.self, Forget.self,
      Remove.self, Reprovision.self,
      Snapshot.self, Token.self, KubeconfigCommand.self, Backup.self, Restore.self, Explain.self,
      SchemaCommand.self,
    ],
    defaultSubcommand: Pass.self)

  static func main() async {
    if ["-h", "--help", "help"].contains(CommandLine.arguments.dropFirst().joined(separator: " ")) {
      _ = Console.result(Help.text)
    } else {
      await main(nil)
    }
  }
}
