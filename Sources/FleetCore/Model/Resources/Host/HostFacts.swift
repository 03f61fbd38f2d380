/// What is true of a machine, whatever is wanted of it.
package struct HostFacts: Sendable, Hashable {
  /// `/proc/sys/kernel/random/boot_id`: the only reliable sign of a reboot.
  package let bootID: String
  package let machineID: String
  package let hostname: String
  /// Debian's word: arm64, amd64, armhf.
  package let architecture: String
  /// `uname -r`.
  package let kernel: String
  /// `PRETTY_NAME` of os-release(5).
  package let operatingSystem: String
  /// "Raspberry Pi 4 Model B Rev 1.4"; `nil` where there is no device tree.
  package let model: String?
  /// 16 hexadecimal digits, the same after re-imaging; `nil` where there is no device tree.
  package let serial: String?
  /// Free bytes, without those reserved for root, on the file systems of `/`, `/var/lib` and `/usr/local/bin`; the
  /// smallest counts.
  package let freeBytes: Int
  /// The node's clock, seconds since 1970 UTC.
  package let clock: Int
  /// How far the node's clock was from the control node's when it answered, in seconds; positive: ahead.
  package var clockSkew: Int
  /// Whether a time service says that the clock is synchronised; `nil` when none says anything.
  package let isClockSynchronised: Bool?
  /// `/proc/cmdline`.
  package let kernelCommandLine: String
  /// A first boot is going on: cloud-init has not finished, or the command line still runs the image's first boot.
  package let firstBoot: String?
  /// Units that changed files asked to restart, in an earlier pass that did not get to it.
  package let pendingRestarts: [String]
  /// What fleetd wrote down when it last rebooted the node for a reason: the boot ids around it, and the reasons.
  package let lastReboot: LastReboot?
  /// A step of fleetd that still runs on the node: its name and when it began (seconds since 1970 UTC, node's clock).
  package let runningStep: RunningStep?
  /// What fleetd wrote down on the node.
  package var record = NodeRecord()
  /// Seconds since the kernel started; `nil` when the node does not say.
  package var uptime: Int?
  /// How the board is; told by its own section of the answer.
  package var health = HealthFacts()

  package struct LastReboot: Sendable, Hashable {
    package let bootIDBefore: String
    /// The boot id that it led to; `nil` while it is under way, or when fleetd did not see its end.
    package let bootIDAfter: String?
    package let reasons: [String]
  }

  package struct RunningStep: Sendable, Hashable {
    package let name: String
    package let since: Int
  }
}
