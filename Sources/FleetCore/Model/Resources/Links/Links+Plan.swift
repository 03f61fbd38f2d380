import Crypto

extension Links {
  package func plan(from observed: [String: ObservedLink], in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    for link in links {
      switch observed[link.path] {
      case nil:
        // What the node says nothing of is not absent.
        plan.findings.append(
          Finding(
            .blocked, .probeGarbled, Self.kind, "the node's answer says nothing of \(link.path)", next: "run again")
        )
      case .other(let what)?: plan.findings.append(link.occupied(what))
      case .absent?:
        guard let target = link.target else { continue }
        let change = Change(.add, Self.kind, link.path, to: .text(target))
        plan.changeSets.append(ChangeSet([change], steps: [link.step(to: target, over: "absent")]))
      case .link(let now)? where now != link.target:
        plan.changeSets.append(link.change(from: now))
      case .link?: continue
      }
    }
    return plan
  }
}

extension Links.Link {
  fileprivate func change(from now: String) -> ChangeSet {
    let digest = SHA256.hash(data: Array(now.utf8)).hexadecimal
    guard let target else {
      let step = Step("remove \(path)", .run(.removeLink, StepInput([[path, digest]])))
      return ChangeSet([Change(.remove, Links.kind, path, from: .text(now))], steps: [step])
    }
    let change = Change(.change, Links.kind, path, from: .text(now), to: .text(target))
    return ChangeSet([change], steps: [step(to: target, over: digest)])
  }

  fileprivate func step(to target: String, over before: String) -> Step {
    Step("link \(path)", .run(.link, StepInput([[path, before, target]])))
  }

  fileprivate func occupied(_ what: String) -> Finding {
    Finding(
      .refused,
      .pathOccupied,
      Links.kind,
      "\(path) is \(what) on the node, not a link; fleetd does not replace it",
      next: "move it away by hand if the link shall stand there"
    )
  }
}

extension StepScript {
  /// Line: path, SHA-256 of the target that is replaced (or "absent"), new target.
  ///
  /// The new link is made beside the old one and renamed over it: at no time is there none.
  static let link = StepScript(
    "link",
    #"""
    IFS=$tab read -r path before target || die 65 "the input ends early"
    link_now() {
      if [ -L "$1" ]; then ln_sum=$(readlink -n -- "$1" | sha256sum) && printf %s "${ln_sum%% *}"
      elif [ -e "$1" ]; then printf other
      else printf absent
      fi
    }
    [ "$(link_now "$path")" = "$before" ] || die 65 "$path is not what it was when it was observed"
    umask 022
    directory=$(dirname -- "$path"); new="$directory/.$(basename -- "$path").fleetd-new"
    mkdir -p -- "$directory" || die 73 "$directory cannot be made"
    trap 'rm -f -- "$new"' EXIT
    rm -f -- "$new"
    ln -s -T -- "$target" "$new" || die 73 "$new cannot be made"
    [ "$(link_now "$path")" = "$before" ] || die 65 "$path is not what it was when it was observed"
    mv -T -- "$new" "$path" && sync -- "$directory" || die 73 "$path cannot be replaced"
    """#
  )

  /// Line: path, SHA-256 of the target that the link has.
  static let removeLink = StepScript(
    "remove-link",
    #"""
    IFS=$tab read -r path before || die 65 "the input ends early"
    [ -L "$path" ] && sum=$(readlink -n -- "$path" | sha256sum) && [ "${sum%% *}" = "$before" ] \
      || die 65 "$path is not what it was when it was observed"
    rm -f -- "$path" && sync -- "$(dirname -- "$path")" || die 73 "$path cannot be removed"
    """#
  )
}
