import FleetModel
import SSHClient

extension NodeFailure {
  /// What sudo's refusal means; `nil`: the command failed otherwise.
  static func sudoRefusal(_ result: SSHResult, _ said: String, _ user: String) -> NodeFailure? {
    if result.exit == .status(127), said.contains("sudo") {
      return NodeFailure(.sudoRefused, "there is no sudo on the node", next: "install it, or set spec.ssh.user: root")
    }
    // sudo's own words with sudo's own status: a step may write the same of something else.
    let lines = said.split(separator: "\n")
    guard result.exit == .status(1),
      lines.contains(where: { line in
        ["sudo: ", "Sorry, user \(user) ", "\(user) is not in the sudoers"].contains { line.hasPrefix($0) }
      })
    else { return nil }
    if said.contains("incorrect password attempt") {
      return NodeFailure(
        .sudoRefused, "sudo does not accept the password of \(user); it was tried once",
        next: "correct the secret that sudo.password of the control node's configuration names, then run again")
    }
    if said.contains("must have a tty") {
      return NodeFailure(
        .sudoRefused, "sudo refuses \(user) without a terminal: \(said)",
        // The last of several Defaults counts, whomever they are for; the files are read in the order of their names.
        next: "on the node, as root: echo 'Defaults:\(user) !requiretty' > /etc/sudoers.d/zz_fleetd-requiretty && "
          + "chmod 0440 /etc/sudoers.d/zz_fleetd-requiretty")
    }
    guard ["a password is required", "not in the sudoers", "not allowed to"].contains(where: said.contains) else {
      return nil
    }
    return NodeFailure(
      .sudoRefused, "sudo refuses \(user): \(said)",
      next: "name its password under sudo.password of the control node's configuration; or on the node, as root: "
        + "echo '\(user) ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/010_fleetd-nopasswd && "
        + "chmod 0440 /etc/sudoers.d/010_fleetd-nopasswd")
  }
}
