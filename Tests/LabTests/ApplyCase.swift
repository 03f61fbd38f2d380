/// An object in a cluster, what became of it there, and a manifest that is applied next.
struct ApplyCase: Sendable {
  let name: String
  /// What fleetd applied at first, as YAML; `NAME` is the object's name.
  var applied: String
  /// What others did then, in this order.
  var drift: [Drift] = []
  /// What is applied next.
  let manifest: String
  var isForced = false
  /// Somebody else created the object, and fleetd never applied it.
  var isAdopted = false
  /// The server knows what cannot be told from the object: the two differ.
  var isBeyond = false

  struct Drift: Sendable {
    let manager: String
    let kind: Kind

    enum Kind: Sendable {
      /// A merge patch, as JSON.
      case patch(String)
      /// A server-side apply of this YAML.
      case apply(String)
    }

    static func patch(_ text: String, by manager: String = "somebody") -> Drift {
      Drift(manager: manager, kind: .patch(text))
    }
    static func apply(_ text: String, by manager: String = "somebody") -> Drift {
      Drift(manager: manager, kind: .apply(text))
    }
  }
}

/// One object and the changes to its manifest that are tried.
struct ApplyTable: Sendable {
  let object: String
  private(set) var cases: [ApplyCase]

  init(_ object: String) {
    self.object = object
    cases = [
      ApplyCase(name: "unchanged", applied: object, manifest: object),
      ApplyCase(name: "adopted unchanged", applied: object, manifest: object, isAdopted: true),
    ]
  }

  /// - Parameters:
  ///   - edits: of the manifest: each text that stands there, and what stands there then.
  func change(
    _ name: String, _ edits: (String, String)..., drift: [ApplyCase.Drift] = [], isForced: Bool = false,
    isAdopted: Bool = false, isBeyond: Bool = false
  )
    -> ApplyTable
  {
    var table = self
    let manifest = edits.reduce(object) { text, edit in
      precondition(text.contains(edit.0), "\(name): \(edit.0)")
      return text.replacing(edit.0, with: edit.1)
    }
    table.cases.append(
      ApplyCase(
        name: name, applied: object, drift: drift, manifest: manifest, isForced: isForced, isAdopted: isAdopted,
        isBeyond: isBeyond))
    return table
  }
}
