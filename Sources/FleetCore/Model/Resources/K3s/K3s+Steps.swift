extension K3s {
  /// Beside its target, so that the rename stays on one file system; rename(2) over a running binary is fine.
  private static let stagedPath = "/usr/local/bin/.k3s.fleetd-new"

  func installSteps(_ artifact: Artifact, over binary: K3sObservation.Binary) -> [Step] {
    [
      Step(
        "copy k3s \(version) to the node",
        .push(artifact, to: Self.stagedPath, mode: "0755"),
        deadline: .seconds(1800)
      ),
      Step(
        "install k3s \(version)",
        .run(
          .installK3s,
          StepInput([[Self.stagedPath, artifact.sha256, "\(version)", unit], [binary.identity]])
        ),
        deadline: .seconds(180)
      ),
    ]
  }

  /// The step's deadline leaves room for the script's own, whose message holds the end of the journal.
  ///
  /// - Parameter retiring: other units that run k3s on this node, in whose place this one starts.
  func startStep(of unit: String, retiring others: [String]) -> Step {
    let seconds = startTimeout.components.seconds
    return Step(
      "start \(unit.hasSuffix(".service") ? String(unit.dropLast(".service".count)) : unit)",
      .runAsUnit(.startK3s, StepInput([[unit, "\(seconds)"], others])),
      deadline: .seconds(seconds + 60)
    )
  }
}

extension K3s {
  /// Marks a restart that no written file asks for.
  func oweStep(of unit: String) -> Step {
    Step("mark \(unit) for a restart", .run(.oweRestart, StepInput([[unit]])))
  }
}

extension StepScript {
  /// Line 1: units that are owed a restart.
  static let oweRestart = StepScript(
    "owe-restart",
    #"""
    read_words
    owe_restarts "$words"
    """#
  )

  /// Line 1: the new file, its SHA-256, its version, the unit. Line 2: inode, size and modification time of the file that
  /// is replaced, or "absent".
  ///
  /// A file that the kernel cannot execute would be run as a shell script by timeout(1): its ELF header must say that it
  /// is for this machine before it is asked. The stamp is written before the rename: should the step die in between, the
  /// stamp does not fit the old file, and the next pass asks that file itself. The binary from before is kept beside the
  /// new one: it is the way back for a node that holds no datastore, and a first help for one that does.
  static let installK3s = StepScript(
    "k3s-install",
    #"""
    IFS=$tab read -r new sum version unit || die 65 "the input ends early"
    IFS= read -r before || die 65 "the input ends early"
    target=/usr/local/bin/k3s
    stamp=/var/lib/fleetd/k3s.stamp
    trap 'rm -f -- "$new" "$stamp.fleetd-new"' EXIT
    now=absent
    if [ -f "$target" ]; then now=$(stat -L -c '%i %s %Y' -- "$target"); elif [ -e "$target" ]; then now=other; fi
    [ "$now" = "$before" ] || die 65 "$target is not what it was when it was observed"
    [ -f "$new" ] && [ ! -L "$new" ] || die 65 "$new is not there: it was not copied"
    [ "$(digest_of "$new")" = "$sum" ] || die 69 "$new does not match the published checksum; nothing was replaced"
    program_of() { od -An -v -t x1 -w20 -N 20 -- "$1" | cut -d ' ' -f 2-6,20-21; }
    [ "$(program_of "$new")" = "$(program_of /bin/sh)" ] \
      || die 69 "the new binary is no program for this machine (wrong architecture?); nothing was replaced"
    chown root:root "$new" && chmod 0755 "$new" || die 73 "$new cannot be made executable"
    said=$(timeout -k 2 20 "$new" --version 2>&1 < /dev/null 9>&-)
    status=$?
    said=$(printf '%s\n' "$said" | head -n 1 | head -c 300)
    [ "$status" -eq 0 ] || die 69 "the new binary does not run here (exit $status); nothing was replaced: $said"
    case $said in
      *" version $version ("*) ;;
      *) die 69 "the new binary is not $version; nothing was replaced: $said" ;;
    esac
    mkdir -p -m 0755 /var/lib/fleetd || die 73 "/var/lib/fleetd cannot be made"
    printf '%s %s %s\n' "$(stat -c '%i %s %Y' -- "$new")" "$version" "$sum" > "$stamp.fleetd-new" \
      && sync -- "$stamp.fleetd-new" && mv -T -- "$stamp.fleetd-new" "$stamp" || die 73 "$stamp cannot be written"
    owe_restarts "$unit"
    [ "$before" = absent ] || ln -f -- "$target" /usr/local/bin/.k3s.fleetd-previous \
      || die 73 "the binary from before cannot be kept: $(no_space /usr/local/bin)"
    sync -- "$new" && mv -T -- "$new" "$target" && sync -- /usr/local/bin || die 73 "$target cannot be replaced"
    for name in kubectl crictl ctr; do
      if command -v "$name" > /dev/null || [ -L "/usr/local/bin/$name" ]; then continue; fi
      ln -s k3s "/usr/local/bin/$name" || die 73 "/usr/local/bin/$name cannot be made"
    done
    """#
  )

  /// Line 1: the unit, and for how many seconds a start is awaited. Line 2: units in whose place it starts, or nothing.
  /// Such a unit is stopped before it is disabled, so that whatever comes in between, the next pass finds it still
  /// enabled; pods go on running meanwhile, as they do through every restart of k3s.
  ///
  /// Restarts only what an earlier step or pass has marked, or what does not run; so a reboot in between, or a second run,
  /// does no harm. A unit that systemd starts again and again shows as activating and never as failed: the count of its
  /// restarts tells, best while it waits for the next one, as the journal then ends with why it died. Seconds are those
  /// since boot: a first time synchronisation moves the clock.
  static let startK3s = StepScript(
    "k3s-start",
    #"""
    IFS=$tab read -r unit patience || die 65 "the input ends early"
    read_words
    retired=$words
    retire() {
      message=$(systemctl stop -- "$1" 2>&1 9>&- && systemctl disable --quiet -- "$1" 2>&1 9>&-) \
        || die 70 "$1 cannot be stopped and disabled: $message"
    }
    look() {
      load=; active=; sub=; restarts=0; result=; invocation=; stale=
      shown=$(systemctl show -p LoadState,ActiveState,SubState,NRestarts,Result,InvocationID,NeedDaemonReload -- "$unit") \
        || die 70 "systemd says nothing of $unit"
      while IFS='=' read -r key value; do
        case $key in
          LoadState) load=$value ;;
          ActiveState) active=$value ;;
          SubState) sub=$value ;;
          NRestarts) restarts=$value ;;
          Result) result=$value ;;
          InvocationID) invocation=$value ;;
          NeedDaemonReload) stale=$value ;;
        esac
      done <<SHOWN
    $shown
    SHOWN
      IFS=. read -r now _ < /proc/uptime
    }
    gives_up() { die "$1" "$unit $2; the end of its journal:$newline$(journal_of "$unit")"; }
    look
    if [ "$load" = masked ]; then die 70 "$unit is masked: systemctl unmask $unit, if that is meant"; fi
    if [ "$load" = not-found ] || [ "$stale" = yes ]; then
      systemctl daemon-reload 9>&- || die 70 "systemd cannot reload its units"
    fi
    each_word retire "$retired"
    message=$(systemctl enable --quiet -- "$unit" 2>&1 9>&-) || die 70 "$unit cannot be enabled: $message"
    look
    begin=
    case $active/$sub in
      active/* | reloading/* | activating/start*) ;;
      *) begin=yes ;;
    esac
    [ ! -e "/run/fleetd/pending/$unit" ] || begin=yes
    old=none; least=$restarts; cause=
    if [ -n "$begin" ]; then
      old=$invocation
      systemctl reset-failed -- "$unit" 2> /dev/null
      message=$(systemctl --no-block restart -- "$unit" 2>&1 9>&-) || die 70 "$unit cannot be started: $message"
    fi
    end=$((now + patience)); since=
    while :; do
      look
      [ "$restarts" -ge "$least" ] || least=$restarts
      [ "$result" = success ] || cause=" ($result)"
      if [ "$active" = failed ]; then gives_up 70 "has failed$cause"; fi
      deaths=$((restarts - least))
      [ "$sub" != auto-restart ] || deaths=$((deaths + 1))
      if [ "$deaths" -ge 3 ]; then gives_up 70 "has died $deaths times since its start$cause"; fi
      if [ "$active/$sub" != active/running ] || [ "$invocation" = "$old" ]; then since=
      elif [ -z "$since" ] || [ "$restarts" -ne "$settled" ]; then since=$now; settled=$restarts
      elif [ $((now - since)) -ge 3 ]; then break
      fi
      if [ "$now" -ge "$end" ]; then gives_up 75 "is still $active ($sub) after $patience s"; fi
      sleep 1
    done
    restarted "$unit"
    """#
  )
}
