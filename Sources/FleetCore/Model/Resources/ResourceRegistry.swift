/// Every kind, in the order in which a node is changed.
package enum ResourceRegistry {
  package static let kinds: [any Resource.Type] = [
    Host.self,
    TimeSync.self,
    AptSources.self,
    Packages.self,
    TimeZone.self,
    Users.self,
    Directories.self,
    Files.self,
    Links.self,
    Mounts.self,
    Boot.self,
    BootConfig.self,
    Cgroups.self,
    Modules.self,
    Swap.self,
    Sysctl.self,
    Journal.self,
    Watchdog.self,
    Services.self,
    Reboot.self,
    K3s.self,
  ]

  /// The keys of the kinds in a Profile's or a Node's `spec`.
  package static var fields: [Field] { kinds.compactMap { $0.field } }

  /// The probe of all kinds: one constant.
  package static let probeScript = ProbeScript.text(kinds.map { $0.probe })
}
