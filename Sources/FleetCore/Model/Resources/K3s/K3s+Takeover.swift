import YAMLSource

/// A k3s that somebody else set up, compared with what the inventory wants.
///
/// While both mean the same, nothing is touched: no file of fleetd's replaces one that says as much, and k3s is not
/// restarted. What the inventory does not say would be lost, and is refused with the YAML to add. Everything else becomes
/// one change set that brings fleetd's own files.
struct K3sTakeover {
  let refusals: [Finding]
  /// What is not as the inventory wants it, in words; empty: the node is as wanted.
  let differences: [String]
  /// The keys of k3s that differ, as a diff: what k3s is told now and what it will be told.
  private(set) var diff: [String] = []

  init(_ k3s: K3s, _ foreign: K3sForeignUnit, _ observed: K3sObservation, in context: PlanContext) {
    guard foreign.role == k3s.role else {
      refusals = [K3sTakeover.otherCommand(foreign)]
      differences = []
      return
    }
    var findings = Self.unreadable(foreign, observed, isConfigRead: k3s.presentFile(observed, in: context) != nil)
    findings += Self.unfamiliar(foreign)
    var differences: [String] = []
    if let file = k3s.presentFile(observed, in: context) {
      let declared = Set(context.node.resource(of: Files.self)?.files.map(\.path) ?? [])
      let present = foreign.effective(over: file, declared: declared)
      let comparison = K3sComparison(
        from: present,
        to: k3s.configuration,
        role: k3s.role,
        hostname: context.facts.hostname,
        servers: k3s.servers,
        isLiving: observed.data.isLiving(as: k3s.role)
      )
      differences += comparison.differing
      diff = Self.diff(of: comparison.differing, from: present, to: k3s.configuration)
      if comparison.differing.contains("server"), let url = present.text(of: "server") {
        findings.append(Self.elsewhere(url, foreign))
      }
      if let finding = Self.unexpressed(comparison.unexpressed, k3s, foreign) { findings.append(finding) }
      if let finding = Self.token(foreign.tokenDigest(in: present), k3s, foreign, in: context) {
        findings.append(finding)
      }
    }
    let environment = K3sEnvironmentComparison(from: foreign.environment, to: k3s.environment, with: context.vault)
    differences += environment.differing
    if let finding = Self.environment(environment.unexpressed, foreign) { findings.append(finding) }
    switch K3sRegistries.comparison(from: observed.registries, to: k3s.registries, with: context.vault) {
    case .same: break
    case .differs:
      // As wanted to the byte: then the node did not send it.
      if !k3s.isWanted(K3sPaths.registries, observed, in: context) { differences.append("registries.yaml") }
    case .unexpressed(let registries):
      let declared = context.node.resource(of: Files.self)?.files.contains { $0.path == K3sPaths.registries } ?? false
      if !declared { findings.append(Self.registries(registries)) }
    }
    refusals = findings
    self.differences = differences
  }

  private static func diff(
    of keys: [String],
    from present: K3sConfiguration,
    to wanted: K3sConfiguration
  ) -> [String] {
    keys.sorted().flatMap { key in
      [("-", present), ("+", wanted)].compactMap { sign, side in
        guard let value = side.only(key) else { return nil }
        return "\(sign) \(value.normalized.oneLine.dropFirst().dropLast())"
      }
    }
  }

  private static func otherCommand(_ foreign: K3sForeignUnit) -> Finding {
    refused(
      "/etc/systemd/system/\(foreign.unit) is not fleetd's and starts \"\(foreign.command.prefix(200))\"",
      next: "remove the unit by hand if nothing needs it, or give this node another role"
    )
  }

  private static func unreadable(
    _ foreign: K3sForeignUnit,
    _ observed: K3sObservation,
    isConfigRead: Bool
  ) -> [Finding] {
    let own = (isConfigRead ? [] : [K3sPaths.config]) + observed.withheld.filter { $0 == K3sPaths.registries }
    return (own + foreign.unreadable).map { path in
      refused(
        "\(path) is not fleetd's and cannot be read: it is no text, no YAML, larger than 64 KiB, or holds a secret in a "
          + "form that cannot be hidden",
        next: "write each key of it, and each secret, on a line of its own"
      )
    }
  }

  private static func unfamiliar(_ foreign: K3sForeignUnit) -> [Finding] {
    let dropIn = "/etc/systemd/system/\(foreign.unit).d/10-own.conf"
    let overrides = foreign.overrides.map { path in
      refused("\(path) replaces ExecStart, and would replace fleetd's too", next: "remove it: k3s.config says it all")
    }
    guard !foreign.unfamiliar.isEmpty else { return overrides }
    let names = Set(foreign.unfamiliar).sorted().prefix(10).joined(separator: ", ")
    return overrides + [
      refused(
        "/etc/systemd/system/\(foreign.unit) is not fleetd's and says more than install.sh's: \(names)",
        next: "move these lines to \(dropIn), which stays, or remove them"
      )
    ]
  }

  private static func elsewhere(_ url: String, _ foreign: K3sForeignUnit) -> Finding {
    refused(
      "\(foreign.unit) points k3s at \(url), which is no server of this inventory",
      next: "write spec.k3s.endpoint: \(url) in the Fleet, or give the server a Node with role: server"
    )
  }

  private static func unexpressed(_ lost: K3sConfiguration, _ k3s: K3s, _ foreign: K3sForeignUnit) -> Finding? {
    guard !lost.keys.isEmpty else { return nil }
    let elsewhere = lost.keys.compactMap { key -> String? in
      switch key {
      case "node-label": "write kubernetes.labels: \(K3sAdoption.labelsOnOneLine(lost)) in the Node"
      case "node-taint": "write kubernetes.taints: \(K3sAdoption.taintsOnOneLine(lost)) in the Node"
      default: K3sConfigKeys.replaced[key].map { "\(key): \($0)" }
      }
    }
    let own = lost.without(Set(K3sConfigKeys.replaced.keys)).normalized
    let unknown = own.keys.filter { K3sConfigKeys.known(to: k3s.role)[$0] == nil }
    let secret = own.keys.filter { own.values(of: $0)?.contains(where: K3sHidden.isHidden) ?? false }
    let known = own.without(Set(unknown + secret))
    let yaml =
      known.keys.isEmpty
      ? []
      : [
        "write k3s.config: \(known.oneLine) in the Node, or spec.k3s.config.\(k3s.role.rawValue) of the Fleet for "
          + "every \(k3s.role.rawValue)"
      ]
    let secrets = secret.map {
      "\($0): a secret cannot stand in config.yaml: put {secret: NAME} into a file of its own under files, and use k3s' "
        + "key for that file"
    }
    let strange = unknown.isEmpty ? [] : ["k3s \(k3s.role.rawValue) has no key \(unknown.joined(separator: ", "))"]
    return refused(
      "\(foreign.unit) was set up by somebody else, and k3s is told what the inventory does not say: "
        + lost.normalized.oneLine,
      next: (yaml + elsewhere + secrets + strange).joined(separator: "; ") + "; or take it away on the node"
    )
  }

  private static func token(
    _ present: String?,
    _ k3s: K3s,
    _ foreign: K3sForeignUnit,
    in context: PlanContext
  ) -> Finding? {
    // A missing secret is told by the file that needs it.
    guard let wanted = K3sToken.digest(of: k3s.token, in: context.vault), present != wanted else { return nil }
    let isOwn = k3s.token == K3sToken.own
    let name = isOwn ? "the one that fleetd keeps on the control node" : "the secret \(k3s.token.name)"
    return refused(
      present == nil
        ? "what token \(foreign.unit) gives k3s cannot be told: there is none, or two that differ"
        : "\(foreign.unit) gives k3s another token than \(name)",
      next: isOwn
        ? "fleetd token adopt keeps the cluster's own token here"
        : "put the cluster's token into the secret \(k3s.token.name): it is in \(K3sPaths.serverToken) on a server"
    )
  }

  private static func environment(_ lost: [K3sForeignUnit.Variable], _ foreign: K3sForeignUnit) -> Finding? {
    guard !lost.isEmpty else { return nil }
    return refused(
      "\(foreign.unit) was set up by somebody else, and its environment has what the inventory does not say: "
        + lost.prefix(10).map(\.name).joined(separator: ", "),
      next: "write k3s.environment: \(K3sAdoption.onOneLine(lost)) in the Node, or in spec.k3s of the Fleet for all"
    )
  }

  private static func registries(_ registries: YAMLNode) -> Finding {
    let (expressed, _) = K3sRegistries.named(registries)
    return refused(
      "\(K3sPaths.registries) was written by somebody else, and the inventory does not say it",
      next: "write spec.k3s.registries: \(K3sYAML.oneLine(expressed)) in the Fleet, or remove the file"
    )
  }

  private static func refused(_ message: String, next: String) -> Finding {
    Finding(.refused, .k3sForeignUnit, K3s.kind, message, next: next)
  }
}
