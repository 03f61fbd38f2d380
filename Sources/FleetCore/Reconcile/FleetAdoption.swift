package import FleetApply
package import FleetModel

/// Looks at hosts that no inventory names yet, and at what a check would say of the inventory written for them.
package enum FleetAdoption {
  package typealias Answer = Result<AdoptionObservation, NodeFailure>

  /// All hosts at once; the answers are in their order.
  package static func observe(_ links: [NodeLink]) async -> [Answer] {
    await withTaskGroup(of: (Int, Answer).self) { tasks in
      for (index, link) in links.enumerated() {
        tasks.addTask { (index, await observation(of: link)) }
      }
      var answers: [(Int, Answer)] = []
      for await answer in tasks { answers.append(answer) }
      return answers.sorted { $0.0 < $1.0 }.map { $0.1 }
    }
  }

  /// What the hosts told. Throws when one of them did not answer: with all that failed.
  package static func observations(
    _ answers: [Answer], of links: [NodeLink]
  ) throws(RunFailure) -> [AdoptionObservation] {
    var observations: [AdoptionObservation] = []
    var problems: [String] = []
    for (link, answer) in zip(links, answers) {
      switch answer {
      case .success(let observation): observations.append(observation)
      case .failure(let failure):
        problems.append("\(link.node): \(failure.message)" + (failure.next.map { "; \($0)" } ?? ""))
      }
    }
    guard problems.isEmpty else {
      throw RunFailure(
        problems.joined(separator: "\n"), next: "mend them, or leave them out of --from; nothing was written")
    }
    return observations
  }

  private static func observation(of link: NodeLink) async -> Answer {
    do throws(NodeFailure) {
      return .success(try await AdoptionObserver(link).observe())
    } catch {
      return .failure(error)
    }
  }

  /// Reads, once, the secrets that the inventory names.
  package static func secrets(
    of repository: AdoptedRepository, _ observations: [AdoptionObservation], _ links: [NodeLink]
  ) async throws(RunFailure) -> [String: Secret] {
    var secrets: [String: Secret] = [:]
    for secret in repository.secrets {
      do throws(NodeFailure) {
        secrets[secret.name] = try await K3sTokenReader(links[secret.host])
          .read(digest: secret.digest, of: observations[secret.host].k3s)
      } catch {
        throw RunFailure(
          "\(links[secret.host].node): the secret \(secret.name) cannot be read: \(error.message)", next: error.next)
      }
    }
    return secrets
  }

  /// Plans the written inventory against the nodes as they are, over the same links, before anything is on the disk.
  ///
  /// - Parameter links: in the order of the repository's hosts.
  package static func check(
    _ repository: AdoptedRepository, _ links: [NodeLink], vault: SecretVault, artifacts: ArtifactStore,
    now: @escaping @Sendable () -> Int
  ) async throws(RunFailure) -> FleetPlan {
    let inventory = repository.files.filter { $0.name.hasPrefix("inventory/") }
    let (fleet, diagnostics) = FleetDecoder.decode(inventory)
    guard let fleet else {
      throw RunFailure(
        "what was observed makes no valid inventory; nothing was written:\n"
          + diagnostics.all.map(\.description).joined(separator: "\n"),
        next: "this is a mistake of fleetd: please report it with the lines above")
    }
    let pass = FleetPass(
      fleet: fleet, revision: .unknown("not committed yet"), selection: .all,
      links: Dictionary(zip(repository.nodeNames, links)) { first, _ in first }, vault: vault, artifacts: artifacts,
      now: now, progress: { _ in })
    return await pass.check()
  }
}
