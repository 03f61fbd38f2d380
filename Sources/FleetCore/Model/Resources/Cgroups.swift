package import YAMLSource

/// The cgroup v2 controllers that must be live: verified, never assumed from what a file says.
package struct Cgroups: Resource {
  package static let kind = ResourceKind("cgroups")
  /// Its key stands under `boot`.
  package static let key = "boot"

  package static func field(named name: String) -> Field {
    Field(
      name,
      .list(of: .choice(["cpu", "cpuset", "io", "memory", "pids", "hugetlb", "misc", "rdma"]), merge: .set),
      "cgroup v2 controllers that must be live after boot; k3s needs cpu, cpuset, memory and pids."
    )
  }

  package let controllers: [String]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Cgroups? {
    let controllers = entry?.mapping?["cgroups"]?.sequence?.compactMap(\.string) ?? []
    return controllers.isEmpty ? nil : Cgroups(controllers: controllers)
  }

  /// `/proc/cgroups` is no probe: on 6.12 and later it never lists memory, even when it works.
  package static let probe = ProbeFragment(
    #"""
    probe_cgroups() {
      emit type "$(stat -f -c %T /sys/fs/cgroup)"
      slurp /sys/fs/cgroup/cgroup.controllers && emit controllers "$slurped"
      return 0
    }
    """#
  )

  package struct Observed: Sendable {
    package let isUnified: Bool
    package let live: [String]
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    Observed(
      isUnified: try section.required("type").trimmingWhitespace() == "cgroup2fs",
      live: (section.text("controllers") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    )
  }

  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    guard observed.isUnified else { return legacyHierarchy(in: context) }
    let missing = controllers.filter { !observed.live.contains($0) }
    guard !missing.isEmpty else { return KindPlan() }
    var plan = missing.contains("memory") ? memory(in: context) : KindPlan()
    let others = missing.filter { $0 != "memory" }
    if !others.isEmpty { plan.findings += notInKernel(others).findings }
    return plan
  }

  /// A Pi's device tree passes cgroup_disable=memory; cgroup_enable=memory in cmdline.txt comes later and wins.
  private func memory(in context: PlanContext) -> KindPlan {
    let running = context.facts.kernelCommandLine.split(separator: " ").map(String.init)
    let symptom = "the memory controller is not live"
    if Self.enablesMemory(running) {
      return blocked(
        .cgroupsKernelIgnores,
        "\(symptom) although the kernel was started with cgroup_enable=memory: it ignores it",
        next: "upgrade the kernel (some 6.12 kernels know the parameter no more), then reboot"
      )
    }
    guard let boot = context.node.resource(of: Boot.self), case .success(let file)? = context.observed(Boot.self)?.file
    else {
      return blocked(
        .cgroupsFileWrong,
        "\(symptom) and nothing here asks the kernel for it",
        next: "add boot.cmdline.present: [cgroup_memory=1, cgroup_enable=memory]"
      )
    }
    let wanted = file.edited(present: boot.present, absent: boot.absent)
    guard Self.enablesMemory(wanted.tokens) else {
      return blocked(
        .cgroupsFileWrong,
        "\(symptom), and \(file.path) will not ask for it",
        next: wanted.tokens.contains("cgroup_enable=memory")
          ? "a later cgroup_disable=memory defeats it: add it to boot.cmdline.absent"
          : "add cgroup_enable=memory to boot.cmdline.present"
      )
    }
    let reason =
      running.contains("cgroup_disable=memory")
      ? "\(symptom): the firmware passes cgroup_disable=memory"
      : "\(symptom): the kernel was started without cgroup_enable=memory"
    // Where the file is still to be edited, the kind boot decides whether that may lead to a reboot.
    let isEditOpen = wanted.tokens != file.tokens
    guard !isEditOpen || !context.rebootReasons.isEmpty else { return KindPlan() }
    guard !isEditOpen, context.facts.hasRebooted(for: reason) else {
      return KindPlan(requests: [.reboot(because: reason)])
    }
    return blocked(
      .rebootDidNotHelp,
      "\(symptom), also after a reboot with cgroup_enable=memory in \(file.path)",
      next: "the firmware reads another file, or the kernel lacks the controller: compare /proc/cmdline with the file"
    )
  }

  /// Whether the last word on memory in these parameters is "enable".
  private static func enablesMemory(_ tokens: [String]) -> Bool {
    tokens.last { $0 == "cgroup_enable=memory" || $0 == "cgroup_disable=memory" } == "cgroup_enable=memory"
  }

  private func legacyHierarchy(in context: PlanContext) -> KindPlan {
    let legacy = context.facts.kernelCommandLine.split(separator: " ").filter {
      $0 == "systemd.unified_cgroup_hierarchy=0" || $0 == "systemd.unified_cgroup_hierarchy=false"
        || $0.hasPrefix("systemd.legacy_systemd_cgroup_controller")
    }
    guard !legacy.isEmpty else {
      return blocked(
        .cgroupsLegacyHierarchy,
        "/sys/fs/cgroup is not cgroup v2: this image's systemd still defaults to v1",
        next: "upgrade the image (Bookworm or later), or add systemd.unified_cgroup_hierarchy=1 to boot.cmdline.present"
      )
    }
    let absent = context.node.resource(of: Boot.self)?.absent ?? []
    guard legacy.allSatisfy({ absent.contains(String($0)) }) else {
      return blocked(
        .cgroupsLegacyHierarchy,
        "/sys/fs/cgroup is not cgroup v2: the kernel was started with \(legacy.joined(separator: " "))",
        next: "add it to boot.cmdline.absent"
      )
    }
    let reason = "cgroup v2 is not mounted: \(legacy.joined(separator: " ")) was passed"
    guard context.facts.hasRebooted(for: reason) else { return KindPlan(requests: [.reboot(because: reason)]) }
    return blocked(
      .rebootDidNotHelp,
      reason + ", also after a reboot",
      next: "look for it in config.txt and its includes"
    )
  }

  private func notInKernel(_ missing: [String]) -> KindPlan {
    blocked(
      .cgroupsKernelIgnores,
      "the kernel offers no \(missing.joined(separator: ", ")) controller, and no parameter of ours brings it",
      next: "use a kernel that has it; a reboot would not help"
    )
  }

  private func blocked(_ reason: Reason, _ message: String, next: String) -> KindPlan {
    KindPlan(findings: [Finding(.blocked, reason, Self.kind, message, next: next)])
  }
}
