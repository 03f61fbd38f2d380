/// A DaemonSet counts the versions of its Pods' template in an annotation, since before its revisions were kept elsewhere.
enum DaemonSetGeneration {
  private static let name = "deprecated.daemonset.template.generation"

  static func counted(_ object: JSONText, live: JSONText) -> JSONText {
    let count = live.at("metadata", "annotations", name)?.string.flatMap { Int32($0) }
    guard object["kind"]?.string == "DaemonSet", let count, count < Int32.max,
      object.at("spec", "template")?.canonical != live.at("spec", "template")?.canonical
    else { return object }
    return object.setting(["metadata", "annotations", name], to: .string("\(count + 1)"))
  }
}
