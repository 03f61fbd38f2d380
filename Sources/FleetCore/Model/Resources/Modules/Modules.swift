package import YAMLSource

/// Kernel modules: what is loaded at every boot, and what is there now.
package struct Modules: Resource {
  package static let kind = ResourceKind("module")
  package static let field: Field? = Field(
    "modules",
    .list(of: .text(.moduleName), merge: .set),
    "Kernel modules, loaded now and at every boot."
  )

  package static let path = "/etc/modules-load.d/fleetd.conf"

  /// As the kernel writes them, with "_"; sorted.
  package let names: [String]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Modules? {
    let names = Set((entry?.sequence ?? []).compactMap(\.string).map(normalised))
    return names.isEmpty ? nil : Modules(names: names.sorted())
  }

  /// To the kernel "_" and "-" are the same in a module's name; it shows "_".
  static func normalised(_ name: some StringProtocol) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }

  package var claims: [PathClaim] { [PathClaim(Self.path, at: nil)] }
  package var declared: [String] { names }

  var file: ManagedFile {
    let text = "# Managed by fleetd: spec.modules of the node or its profiles.\n" + names.map { "\($0)\n" }.joined()
    return ManagedFile(kind: Self.kind, path: Self.path, content: Content(text), mode: "0644")
  }

  package static let leadingProbeLines = 1

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    [file.probeLine] + names.map { [$0] }
  }

  /// A module that is loaded, and most that are built in, have a directory below /sys/module: that costs no process.
  /// modprobe(8) is asked for the others alone; its last line is the module itself, also where the name is an alias.
  package static let probe = ProbeFragment(
    #"""
    probe_module() {
      [ "$1" -gt 0 ] || return 0
      files_observe 1 || return 1
      module_left=$(($1 - 1))
      slurp /proc/sys/kernel/osrelease; module_release=${slurped%%"$newline"*}
      if [ ! -d "/lib/modules/$module_release" ]; then
        module_others=
        for module_path in /lib/modules/*; do [ -d "$module_path" ] && module_others="$module_others${module_path##*/} "; done
        emit others "$module_others"
      fi
      while [ "$module_left" -gt 0 ]; do
        IFS= read -r module_name || return 65
        module_left=$((module_left - 1))
        module_state=loaded
        if [ ! -e "/sys/module/$module_name" ]; then
          module_state=$(modprobe --show-depends -q -- "$module_name" 2> /dev/null < /dev/null) || module_state=
          module_state=${module_state##*"$newline"}
          module_real=${module_state#insmod }; module_real=${module_real%%.ko*}; module_real=${module_real##*/}
          while case $module_real in *-*) ;; *) false ;; esac; do
            module_real=${module_real%%-*}_${module_real#*-}
          done
          case $module_state in
            insmod\ *) if [ -e "/sys/module/$module_real" ]; then module_state=loaded; fi ;;
          esac
        fi
        emit module "$module_name$tab$module_state"
      done
      return 0
    }
    """#
  )

  package struct Observed: Sendable {
    package let file: ObservedFile
    package let states: [String: State]
    /// Releases below /lib/modules where that of the running kernel is not among them; `nil`: it is.
    package let otherReleases: [String]?
  }

  package enum State: Sendable, Hashable {
    /// Loaded, or part of the kernel itself.
    case live
    case loadable
    case unknown
    /// modprobe.d(5) runs this command in its place.
    case replaced(by: String)
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    var states: [String: State] = [:]
    for record in section.records where record.key == "module" {
      let line = String(decoding: record.bytes, as: UTF8.self)
      let halves = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard halves.count == 2 else { throw .garbled("module \(line)") }
      states[halves[0]] = State(halves[1])
    }
    guard let file = try ObservedFile.parse(section)[path] else { throw .missing(section: "module.stat") }
    return Observed(
      file: file,
      states: states,
      otherReleases: section.text("others")?.split(whereSeparator: \.isWhitespace).map(String.init)
    )
  }
}

extension Modules.State {
  /// `loaded`, or the last line of `modprobe --show-depends`.
  fileprivate init(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    switch words.first {
    case "loaded", "builtin": self = .live
    case "insmod": self = .loadable
    case "install" where words.count == 2: self = .replaced(by: words[1])
    default: self = .unknown
    }
  }
}
