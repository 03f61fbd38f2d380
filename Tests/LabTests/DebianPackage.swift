import Foundation
import Testing

/// fleetd's Debian package, as `make deb` built it: `FLEETD_PACKAGE` names the file.
struct DebianPackage: Sendable {
  static let path = Lab.environment["FLEETD_PACKAGE"] ?? ""

  /// Where there is no lab or no package the suite is skipped; in CI it runs, and fails.
  static let isExpected = (Lab.isUp && !path.isEmpty) || Lab.isCI

  /// Where the node has it.
  let file: String
  let version: String

  /// Puts the package onto the node, which is given what a control node has besides.
  static func put(on node: LabNode) async throws -> DebianPackage {
    try await Lab.run("lab/control-node", node.name)
    let version = try await Lab.run("dpkg-deb", "--field", path, "Version").text
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let file = "/root/fleetd_\(version).deb"
    try await Lab.run("sh", "-c", "lab/exec \(node.name) -- sh -c 'cat > \(file)' < \(path)")
    return DebianPackage(file: file, version: version)
  }

  /// The same content on the node under a higher version.
  func successor(on node: LabNode) async throws -> DebianPackage {
    let next = DebianPackage(file: "/root/fleetd-next.deb", version: version + "+next")
    try await node.run(
      """
      cd /root && dpkg-deb --raw-extract \(file) next && sed -i 's/^Version: .*/Version: \(next.version)/' next/DEBIAN/control
      dpkg-deb -Znone --build next \(next.file) > /dev/null && rm -r next
      """)
    return next
  }

  /// Installs or upgrades, as a person does.
  @discardableResult
  func install(on node: LabNode) async throws -> String {
    try await node.run("DEBIAN_FRONTEND=noninteractive apt-get install -q -y \(file) 2>&1")
  }
}

/// A new owner's steps on a control node, each by the command that the documentation gives.
extension LabNode {
  /// Commits an inventory of one node, in the checkout that the package's configuration names.
  func ownCheckout(of other: LabNode, content: String) async throws {
    try await run(
      """
      set -e
      install --directory --owner fleetd --group fleetd /srv/fleet
      install --mode=0600 --owner fleetd --group fleetd /root/id_ed25519 /etc/fleetd/id_ed25519
      mkdir -p /srv/fleet/inventory
      cat > /srv/fleet/inventory/fleet.yaml <<'END'
      apiVersion: fleetd/v1
      kind: Fleet
      metadata: {name: home}
      spec: {profiles: [base]}
      ---
      apiVersion: fleetd/v1
      kind: Profile
      metadata: {name: base}
      spec:
        files: [{path: /etc/fleet/app.conf, content: "\(content)\\n"}]
      ---
      apiVersion: fleetd/v1
      kind: Node
      metadata: {name: \(other.name)}
      spec: {address: \(other.address), hostKeys: ["\(other.hostKey)"], arch: amd64}
      END
      chown -R fleetd:fleetd /srv/fleet
      cd /srv/fleet && [ -d .git ] || sudo -u fleetd git init -q
      sudo -u fleetd git add . && sudo -u fleetd git -c user.name=owner -c user.email=owner@localhost commit -qm "\(content)"
      """)
  }

  /// Adds to the `spec` of the package's configuration.
  func configureDaemon(_ lines: String) async throws {
    try await run("cat >> /etc/fleetd/fleetd.yaml <<'END'\n\(lines)\nEND")
  }

  /// Until the daemon says so of its fleet.
  func awaitDaemon(_ text: String) async throws {
    try await self.await("fleetd status --output json 2> /dev/null | grep -q '\(text)'")
  }
}
