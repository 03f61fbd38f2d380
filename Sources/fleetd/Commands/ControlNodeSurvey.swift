import FleetApply
import FleetModel
import FleetReconcile
import SSHClient

/// Looks at everything that a pass needs of the control node, and goes on behind what is wrong where it can.
struct ControlNodeSurvey {
  private let options: SharedOptions
  private(set) var observation = ControlNodeObservation(configuration: .success(""))
  private(set) var configuration: ControlNodeConfiguration?
  private(set) var fleet: Fleet?

  init(_ options: SharedOptions) { self.options = options }

  mutating func look() async {
    readConfiguration()
    guard let configuration else { return }
    let wiring = ControlNodeFiles(configuration)
    observation.identities = wiring.identitiesInUse
    await readInventory(configuration)
    guard let fleet else { return }
    observation.knownHosts = Self.knownHosts(wiring, fleet)
    observation.secrets = await Self.secrets(of: fleet, configuration)
  }

  private mutating func readConfiguration() {
    do {
      let path = ControlNode.path(at: options.config, home: Console.variable("HOME"))
      configuration = try ControlNode.configuration(at: options.config, home: Console.variable("HOME"))
      observation.configuration = .success(path ?? "no file; the defaults")
    } catch {
      observation.configuration = .failure(.init(error.text))
    }
  }

  private mutating func readInventory(_ configuration: ControlNodeConfiguration) async {
    do throws(RunFailure) {
      let repository = StateRepository(at: try Workspace.path(options, configuration))
      let (fleet, diagnostics) = FleetDecoder.decode(try repository.inventory())
      let all = diagnostics.all.map(\.description)
      guard let fleet else {
        let next = "mend it; fleetd --check --offline lists \(all.count == 1 ? "it" : "all \(all.count) problems")"
        observation.inventory = .failure(.init(all.first ?? "it is not valid", next: next))
        return
      }
      self.fleet = fleet
      let count = "\(fleet.nodes.count) node\(fleet.nodes.count == 1 ? "" : "s")"
      observation.inventory = .success("fleet \(fleet.name), \(count), in \(repository.root)")
      observation.revision = await GitRevision.current(of: repository)
    } catch {
      observation.inventory = .failure(.init(error.message, next: error.next))
    }
  }

  private static func knownHosts(
    _ files: ControlNodeFiles, _ fleet: Fleet
  ) -> Result<ControlNodeObservation.KnownHosts, ControlNodeObservation.Trouble> {
    let unpinned = fleet.nodes.filter(\.hostKeys.isEmpty).map(\.name)
    do {
      let exists = try unpinned.isEmpty || files.knownHosts() != nil
      return .success(.init(path: files.knownHostsPath, exists: exists, unpinned: unpinned))
    } catch {
      return .failure(.init("\(error)", next: "ssh-keygen -R HOST -f \(files.knownHostsPath) removes a host's lines"))
    }
  }

  /// Each for itself: one that is missing shall not hide the others.
  private static func secrets(
    of fleet: Fleet, _ configuration: ControlNodeConfiguration
  ) async -> [String: ControlNodeObservation.Trouble?] {
    var found: [String: ControlNodeObservation.Trouble?] = [:]
    for reference in Set(fleet.nodes.flatMap(\.secrets) + [configuration.sudoPassword].compactMap { $0 }) {
      if reference == K3sToken.own { continue }
      guard configuration.secrets[reference.name] != nil else {
        found[reference.name] = ControlNodeObservation.Trouble(
          "the inventory names the secret \(reference.name), which the control node's configuration does not define",
          next: "under spec.secrets: \(reference.name): {file: /etc/fleetd/\(reference.name)}")
        continue
      }
      do throws(RunFailure) {
        _ = try await SecretReader.read(
          [reference], from: configuration, environment: Wiring.environment(configuration))
        found.updateValue(nil, forKey: reference.name)
      } catch {
        found[reference.name] = ControlNodeObservation.Trouble(error.message, next: error.next)
      }
    }
    return found
  }
}
