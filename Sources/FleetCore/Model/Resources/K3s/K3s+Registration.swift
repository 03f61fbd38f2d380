extension K3s {
  /// Keys of config.yaml that k3s reads when a node registers. Afterwards labels and taints are kept through the API
  /// server (`NodeObject`), so that a file that differs in these alone is written anew and k3s not restarted: it must only
  /// not say the old ones again at the next start.
  private static let registrationKeys: Set<String> = ["node-label", "node-taint"]

  /// The file with what is done when it changes: nothing is restarted for labels and taints of a node that has joined.
  func registering(_ file: ManagedFile, over observed: K3sObservation) -> ManagedFile {
    guard file.path == K3sPaths.config, observed.foreignUnit == nil, observed.data.isLiving(as: role),
      let present = observed.configuration, differsInRegistrationAlone(present)
    else { return file }
    return ManagedFile(
      kind: file.kind, path: file.path, content: file.content, mode: file.mode, owner: file.owner, group: file.group,
      validate: file.validate, notify: [], isAbsent: file.isAbsent, mark: file.mark)
  }

  private func differsInRegistrationAlone(_ present: K3sConfiguration) -> Bool {
    func rest(_ configuration: K3sConfiguration) -> String {
      configuration.without(Self.registrationKeys).normalized.text
    }
    func registration(_ configuration: K3sConfiguration) -> [[String]?] {
      ["node-label", "node-taint"].map { configuration.values(of: $0) }
    }
    return rest(present) == rest(configuration) && registration(present) != registration(configuration)
  }

  /// The nodes' labels that k3s is told to register with. The others are set when it has joined.
  static func registered(_ labels: [String]) -> [String] {
    labels.filter { label in NodeLabelRule.isKubeletAllowed(String(label.prefix { $0 != "=" })) }
  }
}
