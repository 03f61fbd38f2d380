/// The first question to a server: what the kustomizations come to, what fleetd applied before, and which namespaces and
/// kinds there are. One constant script that reads; only for rendering it writes, in memory, and takes it away again.
package enum ObjectsSurvey {
  package static let kind = ResourceKind("objects")

  package static var script: String { ObjectScripts.reading(text) }

  /// Line 1: how many files, how many roots. Then the files, each a line of its length and path, its bytes and a line
  /// break; then the roots' paths.
  package static func input(for manifests: ManifestSet) -> [UInt8] {
    let files = manifests.roots.isEmpty ? [] : manifests.files.filter { $0.state != .encrypted }
    var bytes = NodeScript.line(["\(files.count)", "\(manifests.roots.count)"])
    for file in files { bytes += NodeScript.line(["\(file.bytes.count)", file.name]) + file.bytes + [0x0A] }
    for root in manifests.roots { bytes += NodeScript.line([root]) }
    return bytes
  }

  /// The network is taken away from a rendering where the kernel lets us: what a commit names on other machines is not
  /// fetched. What cannot be read of the cluster ends the script: half an answer must never mean "absent".
  private static let text = #"""
    IFS=$tab read -r files roots || die 65 "the input ends early"
    answering
    scratch
    number=0
    while [ "$number" -lt "$files" ]; do
      number=$((number + 1))
      IFS=$tab read -r length path || die 65 "the input ends early"
      case /$path/ in */../* | */./* | *//*) die 65 "a path that leads elsewhere" ;; esac
      mkdir -p -- "$work/tree/${path%/*}" && head -c "$length" > "$work/tree/$path" || die 73 "/run cannot be written"
      IFS= read -r end && [ -z "$end" ] || die 65 "the input ends early"
    done
    ask() {
      key=$1; shift
      kube 20 get "$@" > "$work/answer" 2> "$work/error" < /dev/null || die 75 "the API server does not tell of $key: $(said 500 $?)"
      emit_file "$key" "$work/answer"
    }
    render() { timeout -k 2 60 "$@" /usr/local/bin/k3s kubectl kustomize "$work/tree/$path" > "$work/answer" 2> "$work/error" < /dev/null; }
    printf '\nfleetd-probe 1\nsection objects\n'
    ask inventory configmap fleetd-inventory --namespace kube-system --ignore-not-found --output json
    ask namespaces namespaces --output 'jsonpath={range .items[*]}{.metadata.name}{"\t"}{.status.phase}{"\n"}{end}'
    ask definitions customresourcedefinitions.apiextensions.k8s.io --output 'jsonpath={range .items[*]}{.spec.group}{"\t"}{.spec.names.kind}{"\t"}{.spec.scope}{"\t"}{.spec.names.plural}{"\n"}{end}'
    if unshare --net true 2> /dev/null; then set -- unshare --net --; else set -- env --; fi
    number=0
    while [ "$number" -lt "$roots" ]; do
      IFS= read -r path || die 65 "the input ends early"
      if render "$@"; then
        emit_file "rendered.$number" "$work/answer"
      else
        emit "failed.$number" "$(said 3000 $? | sed "s|$work/tree/||g")"
      fi
      number=$((number + 1))
    done
    printf 'end 1\n'
    """#

  /// What the server told.
  package struct Answer: Sendable {
    /// `nil`: fleetd applied nothing to this cluster yet.
    package let inventory: ObjectInventory?
    package let namespaces: Set<String>
    package let definitions: [CustomKind]
    /// By root: the YAML, or why there is none.
    package let rendered: [String: Rendering]

    package init(
      inventory: ObjectInventory?, namespaces: Set<String>, definitions: [CustomKind],
      rendered: [String: Rendering] = [:]
    ) {
      self.inventory = inventory
      self.namespaces = namespaces
      self.definitions = definitions
      self.rendered = rendered
    }
  }

  package enum Rendering: Sendable, Hashable {
    case yaml([UInt8])
    case failed(String)
  }

  /// - Parameter roots: those that were asked for, in their order.
  package static func parse(_ bytes: [UInt8], roots: [String]) throws(ProbeError) -> Answer {
    try answer(in: try ProbeTranscript(parsing: bytes).section(kind), roots: roots)
  }

  static func answer(in section: ProbeSection, roots: [String]) throws(ProbeError) -> Answer {
    let inventory = try section.required("inventory")
    var rendered: [String: Rendering] = [:]
    for (number, root) in roots.enumerated() {
      if let yaml = section.bytes("rendered.\(number)") {
        rendered[root] = .yaml(yaml)
      } else if let problem = section.text("failed.\(number)") {
        rendered[root] = .failed(problem)
      } else {
        throw .missing(section: "objects.rendered.\(number)")
      }
    }
    _ = try section.required("namespaces")
    _ = try section.required("definitions")
    return Answer(
      inventory: try Self.inventory(inventory), namespaces: Set(section.table("namespaces").map { $0[0] }),
      definitions: section.table("definitions").compactMap(CustomKind.init(reading:)), rendered: rendered)
  }

  private static func inventory(_ text: String) throws(ProbeError) -> ObjectInventory? {
    guard !text.trimmingWhitespace().isEmpty else { return nil }
    do { return ObjectInventory(reading: try JSONText(parsing: Array(text.utf8))) } catch {
      throw ProbeError.garbled("the inventory: \(error.problem)")
    }
  }
}

/// A kind that a CustomResourceDefinition brings.
package struct CustomKind: Sendable, Hashable {
  package let group: String
  package let kind: String
  package let isNamespaced: Bool
  /// What the API calls all of them; `nil`: not known.
  package let plural: String?

  package init(group: String, kind: String, isNamespaced: Bool, plural: String? = nil) {
    self.group = group
    self.kind = kind
    self.isNamespaced = isNamespaced
    self.plural = plural
  }

  /// From a line of what a server tells.
  init?(reading fields: [String]) {
    guard (3...4).contains(fields.count) else { return nil }
    self.init(
      group: fields[0], kind: fields[1], isNamespaced: fields[2] == "Namespaced",
      plural: fields.count == 4 && ObjectIdentity.isSegment(fields[3]) ? fields[3] : nil)
  }

  /// What a CustomResourceDefinition of the commit will bring; `nil`: it is none, or a broken one.
  init?(definedBy object: KubernetesObject) {
    guard BuiltInKinds.isCustomResourceDefinition(object.identity),
      let group = object.content.at("spec", "group")?.string,
      let kind = object.content.at("spec", "names", "kind")?.string
    else { return nil }
    self.init(
      group: group, kind: kind, isNamespaced: object.content.at("spec", "scope")?.string == "Namespaced",
      plural: object.content.at("spec", "names", "plural")?.string)
  }
}
