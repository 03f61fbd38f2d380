import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import SSHClient

/// `fleetd image`: what a freshly flashed card needs, so that its first boot is a node that fleetd knows.
struct ImageCommand: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract:
      "Write onto a freshly flashed card's boot partition what makes it a node that fleetd can enter and knows.",
    discussion: """
      The card is flashed and its first partition mounted at --boot by you. fleetd writes the node's name, fleetd's \
      account with its key and sudo right, the network, the kernel command line of the inventory, and the node's SSH host \
      key, which this control node makes and keeps. Its public half goes to fleetd's known_hosts file at once. Whoever \
      has the card before its first boot has that host key: see docs/image.md. A second run writes nothing.

      EXIT CODES
        0    the card is as it should be; with --dry-run: what would be written was shown
        1    something failed or was refused
        64   wrong usage
      """)

  @Argument(help: "The node.", completion: NodeNames.completion)
  var node: String

  @Option(help: ArgumentHelp("Where the card's boot partition is mounted.", valueName: "dir"))
  var boot: String

  @Flag(help: "Show the files, without the private key; write nothing and make no key.")
  var dryRun = false

  @Option(help: "What is on the card: rpios, rpios-firstrun or ubuntu; default: told by its files.")
  var flavour: BootPartition.Flavour?

  @Option(
    name: .customLong("address"), help: ArgumentHelp("A fixed address; default DHCP.", valueName: "192.168.1.11/24"))
  var fixedAddress: String?

  @Option(help: "The gateway of a fixed address.")
  var gateway: String?

  @Option(name: .customLong("dns"), help: "A name server of a fixed address; may be repeated; default the gateway.")
  var nameServers: [String] = []

  @Option(help: "The network interface.")
  var interface = "eth0"

  @Option(
    name: .customLong("firstrun-path"),
    help: "Where rpios-firstrun finds its script on the command line's word.")
  var firstRunPath = "/boot/firstrun.sh"

  @Option(
    help: ArgumentHelp("The public key that enters the account; default: that of fleetd's key.", valueName: "file"))
  var key: String?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    let isAddress = { (text: String) in
      !text.isEmpty && text.utf8.count <= 64 && text.allSatisfy { $0.isASCII && ($0.isHexDigit || ".:".contains($0)) }
    }
    if let fixedAddress {
      let halves = fixedAddress.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard halves.count == 2, isAddress(halves[0]), let length = Int(halves[1]), (1...128).contains(length) else {
        throw ValidationError("--address takes an address and its prefix: 192.168.1.11/24")
      }
      guard let gateway, isAddress(gateway) else { throw ValidationError("--address needs --gateway ADDRESS") }
      guard nameServers.allSatisfy(isAddress) else { throw ValidationError("--dns takes an address") }
    } else if gateway != nil || !nameServers.isEmpty {
      throw ValidationError("--gateway and --dns go with --address")
    }
    let isPlain = { (text: String) in
      text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0)) }
    }
    guard (1...15).contains(interface.utf8.count), isPlain(interface), !interface.contains("/") else {
      throw ValidationError("--interface takes a name such as eth0")
    }
    guard firstRunPath.hasPrefix("/"), isPlain(firstRunPath) else {
      throw ValidationError("--firstrun-path takes an absolute path")
    }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    let node = try workspace.fleet.require(node)
    let directory = try BootDirectory(at: AbsolutePath.resolve(boot) ?? boot)
    let partition = try directory.partition(flavour)
    let state = ControlNodeState(at: StateDirectory.path(workspace.configuration))
    let keys = HostKeyStore(state, of: node.name, in: workspace.fleet.name)
    let accountKey = try await accountKey(workspace.configuration)
    guard !dryRun else {
      let known = try keys.read() == nil ? nil : await keys.publicLine()
      let settings = settings(for: node, known ?? "ssh-ed25519 (made when the card is written)", accountKey)
      let shown = settings.files(for: partition).map { "== \(boot)/\($0.path)\n\($0.shown)" }
      return Console.result(shown.joined(separator: "\n")) ? .inSync : .failed
    }
    try StateDirectory.requireOwn(state.root)
    let bytes = try await keys.make()
    let hostKey = try await keys.publicLine()
    guard let vault = CardSettings.vault(hostKey: bytes) else {
      throw RunFailure("\(keys.path) is no private key of OpenSSH's", next: "move it away: a new one is made")
    }
    try requirePinned(hostKey, of: node)
    let written = try directory.write(settings(for: node, hostKey, accountKey).files(for: partition), with: vault)
    if node.hostKeys.isEmpty { try know(hostKey, as: node, ControlNodeFiles(workspace.configuration)) }
    Console.note(
      written.isEmpty
        ? "\(directory.path) is as \(node.name) needs it; nothing was written"
        : "\(directory.path): wrote \(written.joined(separator: ", ")) for \(node.name) (\(partition.flavour.rawValue)); unmount it"
    )
    return .inSync
  }

  private func settings(for node: NodeSpec, _ hostKey: String, _ accountKey: String) -> CardSettings {
    let boot = node.resource(of: Boot.self)
    return CardSettings(
      name: node.name, account: node.ssh.user, accountKeys: [accountKey], hostPublicKey: hostKey, interface: interface,
      network: network, present: boot?.present ?? [], absent: boot?.absent ?? [], firstRunPath: firstRunPath)
  }

  private var network: CardSettings.Network {
    guard let fixedAddress, let gateway else { return .dhcp }
    return .fixed(address: fixedAddress, gateway: gateway, nameServers: nameServers.isEmpty ? [gateway] : nameServers)
  }

  /// A key that the inventory does not pin would be refused as a changed one at the first look.
  private func requirePinned(_ hostKey: String, of node: NodeSpec) throws(RunFailure) {
    let isPinned = node.hostKeys.contains { $0.split(separator: " ").prefix(2).joined(separator: " ") == hostKey }
    guard node.hostKeys.isEmpty || isPinned else {
      throw RunFailure(
        "\(node.name) pins other host keys in the inventory (\(node.mark)); nothing was written",
        next: "put this control node's there, or take hostKeys away: hostKeys: [\"\(hostKey)\"]")
    }
  }

  private func know(_ hostKey: String, as node: NodeSpec, _ files: ControlNodeFiles) throws {
    let path = files.knownHostsPath
    do {
      try PrivateFile.makeDirectory(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)))
      try SSHKnownHostsFile(path: path).add(
        [try SSHPublicKey(authorizedKeysLine: hostKey)], host: node.address, port: node.ssh.port, replacing: true)
    } catch {
      throw RunFailure(
        "the card is written, and \(node.name) is not known yet: \(error)",
        next: "may this account write \(path)? Run it again")
    }
  }

  private func accountKey(_ configuration: ControlNodeConfiguration) async throws -> String {
    if let key {
      guard let text = try TextFile.read(key), let parsed = AuthorizedKey(text), parsed.options.isEmpty else {
        throw RunFailure("\(key) is no public key's file", next: "name the file that ends in .pub")
      }
      return parsed.line
    }
    for identity in try ControlNodeFiles(configuration).identities() {
      guard case .file(path: let path, passphrase: _) = identity else { continue }
      return try SSHPublicKey(authorizedKeysLine: try await OwnKey.publicLine(of: path)).line + " fleetd"
    }
    throw RunFailure("this control node has no key's file to log in with", next: "name a public key: --key FILE.pub")
  }
}

extension BootPartition.Flavour: ExpressibleByArgument {}
