/// What a step is to those who only watch.
package enum StepKind: Sendable, Hashable {
  case cordon, drain, uncordon, reboot, installK3s, startK3s, other
}

extension Step {
  package var kind: StepKind {
    switch action {
    case .reboot: .reboot
    case .onServer(.cordon, _, sparing: _): .cordon
    case .onServer(.drain, _, sparing: _): .drain
    case .onServer(.uncordon, _, sparing: _): .uncordon
    case .run(.installK3s, _): .installK3s
    case .runAsUnit(.startK3s, _): .startK3s
    default: .other
    }
  }
}
