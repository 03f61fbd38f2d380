package import YAMLSource

/// The images that k3s itself needs, as its release has them: given to the node so that it pulls none.
///
/// k3s imports what lies in `K3sPaths.images` when it starts, newer ones while they run, too. So nothing is restarted for
/// them, and they are there before a new release starts.
package struct AirgapImages: Resource {
  package static let kind = ResourceKind("airgapimages")

  package let version: K3sVersion
  /// All forms of the file: one is wanted, and the others would be imported beside it.
  package let paths: [String]

  package static func decode(
    _ entry: YAMLNode?, in scope: NodeScope, _ diagnostics: inout Diagnostics
  ) -> AirgapImages? {
    guard scope.role != nil, let settings = scope.k3s, settings.givesAirgapImages else { return nil }
    let release = K3sRelease(settings.version, for: scope.architecture)
    return AirgapImages(version: settings.version, paths: release.imagesNames.map { "\(K3sPaths.images)/\($0)" })
  }

  package var claims: [PathClaim] { paths.map { PathClaim($0, at: nil) } }
  /// Whichever form it has.
  package var declared: [String] { [K3sPaths.images] }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { paths.map { [$0] } }

  /// What is at each path that something is at. Of a file that the installing step left, its stamp knows the release and
  /// the digest. Another one is not read: it has some hundred megabytes, and a card is slow.
  package static let probe = ProbeFragment(
    #"""
    probe_airgapimages() {
      [ "$1" -gt 0 ] || return 0
      airgap_left=$1; airgap_stamp=
      [ ! -f /var/lib/fleetd/k3s-airgap-images.stamp ] || IFS= read -r airgap_stamp < /var/lib/fleetd/k3s-airgap-images.stamp || :
      while [ "$airgap_left" -gt 0 ]; do
        airgap_left=$((airgap_left - 1))
        IFS= read -r airgap_path || return 65
        [ -e "$airgap_path" ] || [ -L "$airgap_path" ] || continue
        if [ ! -f "$airgap_path" ] || [ -L "$airgap_path" ]; then emit image "$airgap_path"; continue; fi
        airgap_identity=$(stat -c '%i %s %Y' -- "$airgap_path") || return 1
        case $airgap_stamp in
          "$airgap_identity "*) airgap_known=${airgap_stamp#"$airgap_identity "} ;;
          *) airgap_known="- -" ;;
        esac
        emit image "$airgap_path$tab$airgap_identity$tab$airgap_known"
      done
    }
    """#
  )

  /// What is at one of the paths.
  package enum File: Sendable, Hashable {
    /// - Parameters:
    ///   - identity: inode, size and modification time.
    ///   - version: of the release, where fleetd put it there; else `nil`.
    ///   - sha256: of such a file, lowercase.
    case regular(identity: String, version: K3sVersion?, sha256: String?)
    /// A directory, a link, or something stranger.
    case other
  }

  /// By path.
  package typealias Observed = [String: File]

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    var files: Observed = [:]
    for record in section.records where record.key == "image" {
      let fields = String(decoding: record.bytes, as: UTF8.self).split(separator: "\t").map(String.init)
      guard fields.count > 1 else {
        files[fields.first ?? ""] = .other
        continue
      }
      let known = fields.last?.split(separator: " ").map(String.init) ?? []
      guard fields.count == 3, known.count == 2 else { throw .garbled("an image's file") }
      files[fields[0]] = .regular(
        identity: fields[1], version: K3sVersion(known[0]), sha256: known[1] == "-" ? nil : known[1])
    }
    return files
  }
}
