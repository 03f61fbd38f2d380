extension ObjectType {
  /// What a server makes of a value of this type besides defaults: fields that follow from others.
  func completed(_ value: JSONText) -> JSONText {
    switch self {
    case .secret: Self.encoded(value)
    case .podSpec: Self.withBothAccounts(value["hostNetwork"] == .boolean(true) ? Self.onHost(value) : value)
    case .limitRangeItem where value["type"]?.string == "Container": Self.limits(value)
    case .serviceSpec where value["sessionAffinity"]?.string == "None":
      value.setting(["sessionAffinityConfig"], to: nil)
    default: value
    }
  }

  /// The usual limit is the largest one; the usual request is the usual limit, or the smallest.
  private static func limits(_ item: JSONText) -> JSONText {
    let usual = (item["max"]?.members ?? []).byKey.merging((item["default"]?.members ?? []).byKey) { $1 }
    let requests = (item["min"]?.members ?? []).byKey.merging(usual) { $1 }
      .merging((item["defaultRequest"]?.members ?? []).byKey) { $1 }
    return [("default", usual), ("defaultRequest", requests)].reduce(item) { item, preset in
      preset.1.isEmpty
        ? item : item.setting([preset.0], to: .object(preset.1.map { JSONText.Member($0.key, $0.value) }))
    }
  }

  /// A Secret's texts are kept as data.
  private static func encoded(_ secret: JSONText) -> JSONText {
    let texts = secret["stringData"]?.members ?? []
    return texts.reduce(secret.setting(["stringData"], to: nil)) { secret, text in
      secret.setting(["data", text.key], to: .string(Base64.encode(Array((text.value.string ?? "").utf8))))
    }
  }

  /// The account has an older name too, and keeps by it what is taken out by the newer one.
  private static func withBothAccounts(_ pod: JSONText) -> JSONText {
    guard let account = pod["serviceAccountName"] ?? pod["serviceAccount"], account != .null else { return pod }
    return pod.setting(["serviceAccountName"], to: account).setting(["serviceAccount"], to: account)
  }

  /// On the host's network a container's port is the host's.
  private static func onHost(_ pod: JSONText) -> JSONText {
    ["containers", "initContainers"].reduce(pod) { pod, key in
      guard let containers = pod[key]?.items else { return pod }
      return pod.setting(
        [key],
        to: .array(
          containers.map { container in
            guard let ports = container["ports"]?.items else { return container }
            return container.setting(
              ["ports"], to: .array(ports.map { $0.setting(["hostPort"], to: $0["hostPort"] ?? $0["containerPort"]) }))
          }))
    }
  }
}
