/// In which order a list stands whose items both a live object and a manifest name.
enum ListOrder: Sendable {
  /// As the manifest says; what only the live object has stays behind what it stood behind.
  case applied
  /// As the live object has it; what is new follows. Servers before 1.24, but for late releases of 1.21 to 1.23.
  case live

  func merged(live: [FieldElement], manifest: [FieldElement]) -> [FieldElement] {
    let (inLive, inManifest) = (Set(live), Set(manifest))
    guard self == .applied else { return live + manifest.filter { !inLive.contains($0) } }
    var merged: [FieldElement] = []
    var shared = manifest.filter(inLive.contains)[...]
    var (old, new) = (live[...], manifest[...])
    while let wanted = new.first ?? old.first {
      if let present = old.first {
        if !inManifest.contains(present) {
          // Only the live object has it: it keeps its place between the shared ones.
          merged.append(present)
          old.removeFirst()
          continue
        }
        if new.isEmpty || (present != wanted && present != shared.first) {
          // The manifest has it elsewhere.
          old.removeFirst()
          continue
        }
        if present == wanted { old.removeFirst() }
      }
      merged.append(wanted)
      new.removeFirst()
      if wanted == shared.first { shared.removeFirst() }
    }
    return merged
  }
}
