/// What pods an object makes, as far as lints look at it.
struct PodTemplate: Sendable {
  struct Container: Sendable {
    let name: String
    let image: ImageReference
    /// `requests.memory`, …
    let missingResources: [String]
  }

  let containers: [Container]
  /// Values of kubernetes.io/arch on which the pods may run; `nil`: any.
  let architectures: Set<String>?

  /// `nil`: the object makes no pods.
  init?(of object: KubernetesObject) {
    guard let spec = Self.podSpec(of: object) else { return nil }
    containers = ["initContainers", "containers"].flatMap { list in
      (spec[list]?.items ?? []).map { Container($0, isInitial: list == "initContainers") }
    }
    architectures = Self.architectures(of: spec)
  }

  private static func podSpec(of object: KubernetesObject) -> JSONText? {
    let (identity, content) = (object.identity, object.content)
    switch (identity.group, identity.kind) {
    case ("", "Pod"): return content["spec"]
    case ("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("apps", "ReplicaSet"),
      ("batch", "Job"), ("", "ReplicationController"):
      return content.at("spec", "template", "spec")
    case ("batch", "CronJob"): return content.at("spec", "jobTemplate", "spec", "template", "spec")
    default: return nil
    }
  }

  private static let architectureLabels: Set<String> = ["kubernetes.io/arch", "beta.kubernetes.io/arch"]

  /// By nodeSelector and required node affinity, whose terms are alternatives.
  private static func architectures(of spec: JSONText) -> Set<String>? {
    for member in spec["nodeSelector"]?.members ?? [] where architectureLabels.contains(member.key) {
      return member.value.string.map { [$0] }
    }
    let required = spec.at("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    guard let terms = required?["nodeSelectorTerms"]?.items, !terms.isEmpty else { return nil }
    var all: Set<String> = []
    for term in terms {
      let expressions = (term["matchExpressions"]?.items ?? []).filter {
        architectureLabels.contains($0["key"]?.string ?? "") && $0["operator"]?.string == "In"
      }
      guard let values = expressions.first?["values"]?.items else { return nil }
      all.formUnion(values.compactMap(\.string))
    }
    return all
  }
}

extension PodTemplate.Container {
  fileprivate init(_ container: JSONText, isInitial: Bool) {
    name = container["name"]?.string ?? "a container"
    image = ImageReference(container["image"]?.string ?? "")
    let wanted = [["requests", "cpu"], ["requests", "memory"], ["limits", "memory"]]
    // What runs for a moment, before the others, is not what fills a node.
    missingResources =
      isInitial
      ? []
      : wanted.filter { path in
        // Kubernetes takes a limit for the request where there is no request.
        container["resources"]?[path[0]]?[path[1]] == nil && container["resources"]?["limits"]?[path[1]] == nil
      }.map { $0.joined(separator: ".") }
  }
}

/// `registry.lan:5000/team/app:1.2@sha256:…`.
struct ImageReference: Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  /// `1.2`; `nil` without one.
  private var tag: String? {
    let name = text.split(separator: "@", maxSplits: 1).first.map(String.init) ?? ""
    guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return nil }
    return String(name[name.index(after: colon)...])
  }

  /// Whether the same text may stand for another image tomorrow. A missing image is the server's to refuse.
  var isFloating: Bool { !text.isEmpty && !text.contains("@sha256:") && (tag ?? "latest") == "latest" }

  /// The one architecture that the image's name says it is for: `amd64/nginx`, `app:1.2-amd64`.
  var architecture: String? {
    let names = ["amd64", "arm64", "386", "s390x", "ppc64le", "riscv64"]
    let parts = text.split(separator: "/").map(String.init)
    if let owner = parts.dropLast().last, names.contains(owner) { return owner }
    if parts.dropLast().last == "arm64v8" { return "arm64" }
    guard let tag else { return nil }
    return names.first { tag == $0 || tag.hasSuffix("-\($0)") }
  }
}
