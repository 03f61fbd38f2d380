/// Somebody else who keeps an object in the cluster: what such an owner has is never deleted.
package enum ObjectOwner: String, Sendable, Hashable, CaseIterable {
  case flux = "Flux"
  case argoCD = "Argo CD"
  case helm = "Helm"
  /// k3s' own deploy controller, which keeps what lies in its manifests directory, and its Helm controller.
  case k3s = "k3s"

  /// By the labels and annotations that each of them writes; `nil`: none of them.
  package init?(of object: JSONText) {
    let labels = KubernetesObject.texts(object.at("metadata", "labels"))
    let annotations = KubernetesObject.texts(object.at("metadata", "annotations"))
    let keys = Array(labels.keys) + Array(annotations.keys)
    if keys.contains(where: { key in Self.fluxPrefixes.contains(where: key.hasPrefix) }) {
      self = .flux
    } else if keys.contains(where: { $0.hasPrefix("argocd.argoproj.io/") }) {
      self = .argoCD
    } else if keys.contains(where: { $0.hasPrefix("meta.helm.sh/") })
      || labels["app.kubernetes.io/managed-by"] == "Helm"
    {
      self = .helm
    } else if keys.contains(where: { $0.hasPrefix("objectset.rio.cattle.io/") }) {
      self = .k3s
    } else {
      return nil
    }
  }

  private static let fluxPrefixes = ["kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/"]
}
