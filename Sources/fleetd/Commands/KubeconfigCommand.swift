import ArgumentParser
import FleetApply
import FleetModel
import FleetReconcile
import NIOCore
import NIOPosix

/// `fleetd kubeconfig`: how kubectl reaches the fleet's cluster from elsewhere.
struct KubeconfigCommand: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "kubeconfig",
    abstract: "Print a kubeconfig for the fleet's cluster, or merge it into a file.",
    discussion: """
      It is fetched from a server that answers. Cluster, context and user are called as the fleet is, and the address is \
      k3s.endpoint, else that server's own; k3s must know that name: see tls-san in k3s.config.

      What is printed or written can administer the cluster: a file is written for its owner alone. Its certificate is \
      valid for a year; fetch it anew after that.

      EXIT CODES
        0    it is printed, or written
        1    it is not: no server answered, or nobody agreed to change the file
        64   wrong usage
        130  interrupted
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Merge it into this file instead of printing it.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(name: .shortAndLong, help: "With --output: do not ask before changing a file that exists.")
  var yes = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard !yes || output != nil else { throw ValidationError("--yes goes with --output") }
    guard output?.isEmpty != true else { throw ValidationError("--output names no file") }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    guard let k3s = workspace.fleet.k3s, !workspace.fleet.servers.isEmpty else {
      throw RunFailure("the fleet \(workspace.fleet.name) has no k3s server")
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let wiring = Wiring(configuration: workspace.configuration, group: group)
    let links = try await wiring.links(to: workspace.fleet.servers)
    let fetched = await fetch(workspace.fleet, k3s, over: links)
    for link in links { await link.close() }
    try await group.shutdownGracefully()
    let kubeconfig = try fetched.get()
    guard let output else { return Console.result(kubeconfig.text) ? .inSync : .failed }
    return try KubeconfigFile(output).merge(kubeconfig, named: workspace.fleet.name, isAgreed: yes)
      ? .inSync : .failed
  }

  /// From the first server that answers.
  private func fetch(
    _ fleet: Fleet, _ k3s: K3sSettings, over links: [NodeLink]
  ) async -> Result<Kubeconfig, RunFailure> {
    var last = RunFailure("no server of \(fleet.name) could be asked")
    for (link, url) in zip(links, k3s.servers) {
      do {
        let bytes = try await ClusterObserver([link]).read(
          Kubeconfig.script, input: [], mostBytes: 128 << 10, deadline: .seconds(30))
        return .success(try Kubeconfig(parsing: bytes).renamed(fleet.name, at: k3s.givenEndpoint ?? url))
      } catch let failure as NodeFailure {
        last = RunFailure(failure.message, next: failure.next)
      } catch let problem as Kubeconfig.Problem {
        last = RunFailure("\(link.node): /etc/rancher/k3s/k3s.yaml: \(problem.message)")
      } catch {
        last = RunFailure("\(link.node): \(error)")
      }
    }
    return .failure(last)
  }
}

/// A kubeconfig file of this machine, perhaps with other clusters in it.
private struct KubeconfigFile {
  private let path: String

  /// A link is followed: its target keeps being what it points to.
  init(_ path: String) { self.path = AbsolutePath.resolve(path) ?? path }

  /// Whether it was written.
  func merge(_ kubeconfig: Kubeconfig, named name: String, isAgreed: Bool) throws -> Bool {
    var merged = kubeconfig
    if FileStatus(of: path) != nil {
      guard let bytes = PrivateFile.read(path, limit: 4 << 20) else {
        throw RunFailure("\(path) cannot be read, or is no regular file", next: "name another file")
      }
      let present: Kubeconfig
      do throws(Kubeconfig.Problem) { present = try Kubeconfig(parsing: bytes) } catch {
        throw RunFailure("\(path) is left as it is: \(error.message)", next: "move it away, or name another file")
      }
      merged = present.merging(kubeconfig)
      let what =
        present.names(name) ? "replaces what \(path) has under the name \(name)" : "adds \(name) to \(path)"
      Console.note("this \(what); other entries stay, comments do not")
      guard isAgreed || isConfirmed() else {
        Console.note("nothing was written")
        return false
      }
    }
    do throws(NodeFailure) {
      if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        try PrivateFile.makeDirectory(String(path[..<slash]))
      }
      try PrivateFile.write(Array(merged.text.utf8), to: path)
    } catch {
      throw RunFailure(error.message, next: error.next)
    }
    Console.note("\(path): kubectl --kubeconfig \(path) --context \(name) get nodes")
    return true
  }

  private func isConfirmed() -> Bool {
    guard Console.isTerminal(0), Console.isTerminal(2) else {
      Console.note("there is no terminal to ask on: add --yes")
      return false
    }
    return Console.confirm("Write it?")
  }
}
