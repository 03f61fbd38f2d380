/// Every kind, in the order in which a node is changed.
package enum ResourceRegistry {
  package static let kinds: [any Resource.Type] = [
    Host.self,
    Health.self,
    TimeSync.self,
    AptSources.self,
    Packages.self,
    Updates.self,
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
    CheckAccess.self,
    AirgapImages.self,
    Reboot.self,
    K3s.self,
    NodeIdentity.self,
    NodeObject.self,
  ]

  /// `nil`: this version knows no such kind.
  package static func kind(named name: String) -> ResourceKind? {
    kinds.first { $0.kind.name == name }?.kind
  }

  /// Whether a node's `one` is changed before its `other`.
  package static func isOrdered(_ one: any Resource.Type, before other: any Resource.Type) -> Bool {
    let (first, second) = (kinds.firstIndex { $0 == one }, kinds.firstIndex { $0 == other })
    return (first ?? kinds.endIndex) < (second ?? kinds.endIndex)
  }

  /// The keys of the kinds in a Profile's or a Node's `spec`.
  package static var fields: [Field] { kinds.compactMap { $0.field } }

  /// The probe of all kinds: one constant.
  package static let probeScript = ProbeScript.text(kinds.map { $0.probe })
}
