/// Where k3s and what fleetd writes for it are on a node.
package enum K3sPaths {
  package static let binary = "/usr/local/bin/k3s"
  package static let config = "/etc/rancher/k3s/config.yaml"
  package static let token = "/etc/rancher/k3s/fleetd-token"
  package static let registries = "/etc/rancher/k3s/registries.yaml"
  /// Where k3s looks for images to import when it starts.
  package static let images = "/var/lib/rancher/k3s/agent/images"
  /// The forms in which releases have them, by preference: the smallest first.
  static let imagesEndings = [".tar.zst", ".tar.gz", ".tar"]
  package static let data = "/var/lib/rancher/k3s"
  /// Where a server keeps its token, given or made by itself, in the secure form.
  package static let serverToken = "/var/lib/rancher/k3s/server/token"

  package static func unit(for role: Role) -> String { "/etc/systemd/system/\(role.unit).service" }
  package static func environment(for role: Role) -> String { unit(for: role) + ".env" }
}
