import YAMLSource

extension AdoptionTarget {
  /// A node that declares nothing: enough to log in to and to look at.
  package var node: NodeSpec {
    NodeSpec(
      name: description,
      labels: [:],
      address: host,
      ssh: SSHSettings(user: user, port: port),
      hostKeys: [],
      role: nil,
      architecture: .arm64,
      resources: [],
      mark: YAMLSourceFile(name: "--from", bytes: []).mark(line: 1, column: 1)
    )
  }
}
