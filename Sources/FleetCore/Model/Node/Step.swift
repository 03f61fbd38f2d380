/// One thing that is done to a node. A step is data: what was shown is what runs.
package struct Step: Sendable, Hashable {
  package enum Action: Sendable, Hashable {
    /// A short script, awaited over the connection.
    case run(StepScript, StepInput)
    /// A script that runs on the node as the transient unit `fleetd-<script>`: it outlives a lost connection and is
    /// found again by the next pass.
    case runAsUnit(StepScript, StepInput)
    /// A file of the control node, checked by size and SHA-256 on the node before it is renamed into place.
    case push(Artifact, to: String, mode: String)
    /// Restart the machine; await a new boot id and a settled system.
    case reboot(because: [String])
    /// A new connection must be able to log in and use sudo before the old one closes.
    case verifyAccess
    /// A script about the cluster, which any living server runs; `sparing`: a server that is asked last, because it is
    /// about to be disturbed. It may run twice: a server that dies half-way is followed by another.
    case onServer(StepScript, StepInput, sparing: String?)
    /// The cluster is looked at again and again until it is as the gate says.
    case await(Gate)
    /// The cluster's datastore is saved on a living server, and the file is fetched to the control node.
    case snapshot(SnapshotRequest)
  }

  /// What a person calls it: "apt-get install nfs-common".
  package let title: String
  package let action: Action
  /// How long it may take, all waiting included.
  package let deadline: Duration

  package init(_ title: String, _ action: Action, deadline: Duration = .seconds(60)) {
    self.title = title
    self.action = action
    self.deadline = deadline
  }
}

extension Step {
  /// Whether it only copies a file to a place where nothing reads it yet.
  package var isPush: Bool { if case .push = action { true } else { false } }

  /// How large that file is, in bytes; 0 for every other step.
  package var pushedBytes: Int { if case .push(let artifact, _, _) = action { artifact.size } else { 0 } }

  /// Whether it is about the cluster: any server can do it, and no link to its node is needed.
  package var isOfCluster: Bool {
    switch action {
    case .onServer, .await, .snapshot: true
    case .run, .runAsUnit, .push, .reboot, .verifyAccess: false
    }
  }
}

/// A constant, reviewed POSIX sh script. Its parameters are data on its standard input, never part of its text.
package struct StepScript: Sendable, Hashable {
  /// Lowercase letters and dashes: it becomes part of a unit's name.
  package let name: String
  package let text: String

  package init(_ name: StaticString, _ text: StaticString) {
    self.init(name, text, placing: [])
  }

  /// A script that several texts make: each part, in turn, takes the place of its word. All of them are constants.
  init(_ name: StaticString, _ text: StaticString, placing parts: [(word: StaticString, text: StaticString)]) {
    self.name = "\(name)"
    self.text = parts.reduce("\(text)") { $0.replacing("\($1.word)", with: "\($1.text)") }
  }
}

/// What a step's script reads: lines of tab-separated fields, then an optional payload.
package struct StepInput: Sendable, Hashable {
  package let lines: [[String]]
  package let payload: Content?

  package init(_ lines: [[String]] = [], payload: Content? = nil) {
    self.lines = lines
    self.payload = payload
  }
}

/// A file that the control node holds for nodes: fetched once, checked against its published checksum.
package struct Artifact: Sendable, Hashable {
  /// Where it is on the control node.
  package let path: String
  /// Bytes.
  package let size: Int
  /// Lowercase SHA-256.
  package let sha256: String

  package init(path: String, size: Int, sha256: String) {
    self.path = path
    self.size = size
    self.sha256 = sha256
  }
}
