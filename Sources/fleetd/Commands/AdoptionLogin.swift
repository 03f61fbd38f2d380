import FleetApply
import FleetModel
import FleetReconcile
import NIOCore
import SSHClient

/// Logs in to hosts that no inventory names yet, and asks for sudo's password where one of them wants it.
struct AdoptionLogin: Sendable {
  let targets: [AdoptionTarget]
  /// Of each target those that were accepted.
  let keys: [[SSHPublicKey]]
  let identities: [SSHIdentity]
  /// As the control node's configuration defines it.
  let sudoPassword: Secret?
  let group: any EventLoopGroup

  /// What came of looking at the hosts.
  struct Look: Sendable {
    /// In the order of the targets, to be closed by the caller.
    let links: [NodeLink]
    /// In the same order.
    let answers: [FleetAdoption.Answer]
    /// Whether sudo's password was typed: the next run would have nobody to ask.
    let isPasswordTyped: Bool
  }

  func observe() async -> Look {
    var links = targets.indices.map { link($0, sudoPassword: sudoPassword) }
    var answers = await FleetAdoption.observe(links)
    let refused = targets.indices.filter { answers[$0].isSudoRefused }
    guard let first = refused.first, let password = await askedPassword(of: targets[first], more: refused.count - 1)
    else {
      return Look(links: links, answers: answers, isPasswordTyped: false)
    }
    for index in refused {
      await links[index].close()
      links[index] = link(index, sudoPassword: password)
    }
    let again = await FleetAdoption.observe(refused.map { links[$0] })
    for (index, answer) in zip(refused, again) { answers[index] = answer }
    return Look(links: links, answers: answers, isPasswordTyped: true)
  }

  func hosts(_ observations: [AdoptionObservation]) -> [AdoptedHost] {
    targets.indices.map { index in
      AdoptedHost(target: targets[index], hostKeys: keys[index].map(\.line), observation: observations[index])
    }
  }

  private func link(_ index: Int, sudoPassword: Secret?) -> NodeLink {
    NodeLink(
      to: targets[index].node, sudoPassword: sudoPassword,
      configuration: SSHConfiguration(hostKeys: .pinned(keys[index]), identities: identities), on: group)
  }

  /// Asked once, for all hosts that want one.
  private func askedPassword(of target: AdoptionTarget, more: Int) async -> Secret? {
    let others = more > 0 ? " and \(more) more" : ""
    let question = "sudo on \(target)\(others) wants the password of \(target.user):"
    guard let password = await HiddenQuestion.ask(question).map({ Secret($0) }), Elevation.accepts(password: password)
    else { return nil }
    return password
  }
}

extension FleetAdoption.Answer {
  fileprivate var isSudoRefused: Bool {
    if case .failure(let failure) = self { failure.reason == .sudoRefused } else { false }
  }
}
