/// A Node object of the cluster, as far as fleetd plans by it.
package struct KubernetesNode: Sendable, Hashable {
  package struct Taint: Sendable, Hashable, Decodable {
    package let key: String
    package let value: String?
    package let effect: String

    package init(key: String, value: String?, effect: String) {
      self.key = key
      self.value = value
      self.effect = effect
    }
  }

  package let name: String
  package let uid: String
  package let isUnschedulable: Bool
  package let labels: [String: String]
  package let annotations: [String: String]
  package let taints: [Taint]
  /// Statuses by type: `Ready` is `True`, `False` or `Unknown`.
  package let conditions: [String: String]
  /// `v1.33.4+k3s1`: what runs, whatever file is on disk.
  package let kubeletVersion: String
  package let bootID: String
  package let machineID: String
  /// `spec.renewTime` of its Lease, as the kubelet wrote it; `nil`: it has none.
  package var heartbeat: String?

  package var isReady: Bool { conditions["Ready"] == "True" }
  package var isEtcdMember: Bool { labels["node-role.kubernetes.io/etcd"] == "true" }
  /// A member that still learns does not count; older releases of k3s do not say.
  package var isVoter: Bool { isEtcdMember && conditions["EtcdIsVoter"] != "False" }
  /// Which fleetd cordoned it; `nil`: none did.
  package var cordonOwner: String? { annotations[Cordon.annotation] }

  package init(
    name: String, uid: String = "", isUnschedulable: Bool = false, labels: [String: String] = [:],
    annotations: [String: String] = [:], taints: [Taint] = [], conditions: [String: String] = ["Ready": "True"],
    kubeletVersion: String, bootID: String = "", machineID: String = "", heartbeat: String? = nil
  ) {
    self.name = name
    self.uid = uid
    self.isUnschedulable = isUnschedulable
    self.labels = labels
    self.annotations = annotations
    self.taints = taints
    self.conditions = conditions
    self.kubeletVersion = kubeletVersion
    self.bootID = bootID
    self.machineID = machineID
    self.heartbeat = heartbeat
  }
}

extension KubernetesNode: Decodable {
  private struct Object: Decodable {
    struct Metadata: Decodable {
      let name: String
      let uid: String?
      let labels: [String: String]?
      let annotations: [String: String]?
    }

    struct Spec: Decodable {
      let unschedulable: Bool?
      let taints: [Taint]?
    }

    struct Status: Decodable {
      struct Condition: Decodable {
        let type: String
        let status: String
      }

      struct Info: Decodable {
        let kubeletVersion: String
        let bootID: String
        let machineID: String
      }

      let conditions: [Condition]?
      let nodeInfo: Info?
    }

    let metadata: Metadata
    let spec: Spec?
    let status: Status?
  }

  /// A Node object as the API has it.
  package init(from decoder: any Decoder) throws {
    let object = try Object(from: decoder)
    let info = object.status?.nodeInfo
    self.init(
      name: object.metadata.name, uid: object.metadata.uid ?? "", isUnschedulable: object.spec?.unschedulable ?? false,
      labels: object.metadata.labels ?? [:], annotations: object.metadata.annotations ?? [:],
      taints: object.spec?.taints ?? [],
      conditions: Dictionary((object.status?.conditions ?? []).map { ($0.type, $0.status) }) { _, last in last },
      kubeletVersion: info?.kubeletVersion ?? "", bootID: info?.bootID ?? "", machineID: info?.machineID ?? "")
  }
}
