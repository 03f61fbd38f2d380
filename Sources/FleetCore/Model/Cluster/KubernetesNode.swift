import FoundationEssentials

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

extension KubernetesNode {
  private struct Condition: Decodable {
    let type: String
    let status: String
  }

  private struct Info: Decodable {
    let kubeletVersion: String
    let bootID: String
    let machineID: String
  }

  /// One line of `ClusterProbe`: kind, name, uid, renewTime, unschedulable, labels, annotations, taints, conditions,
  /// nodeInfo; the last five are JSON or empty.
  init(fields: [String]) throws(ProbeError) {
    func value<T: Decodable>(_ index: Int, or standard: T) throws(ProbeError) -> T {
      guard !fields[index].isEmpty else { return standard }
      do { return try JSONDecoder().decode(T.self, from: Data(fields[index].utf8)) } catch {
        throw .garbled("field \(index) of the Node \(fields[1])")
      }
    }
    let conditions: [Condition] = try value(8, or: [])
    let info: Info = try value(9, or: Info(kubeletVersion: "", bootID: "", machineID: ""))
    self.init(
      name: fields[1], uid: fields[2], isUnschedulable: fields[4] == "true", labels: try value(5, or: [:]),
      annotations: try value(6, or: [:]), taints: try value(7, or: []),
      conditions: Dictionary(conditions.map { ($0.type, $0.status) }) { _, last in last },
      kubeletVersion: info.kubeletVersion, bootID: info.bootID, machineID: info.machineID)
  }
}
