import FleetModel

/// Long steps run on the node as the transient unit `fleetd-NAME`: a lost connection does not end them, the node bounds
/// their time, and the next pass finds them below /run/fleetd/steps.
enum TransientUnit {
  /// Line 1: name, seconds. Then the script and its input, each behind its length. Ends with the step's exit status;
  /// what the step wrote comes out on standard error.
  static let launchAndAwait = [StepPrelude.sharedFunctions, launch, waiting].joined(separator: "\n")

  /// Line 1: name, seconds.
  static let await = [StepPrelude.sharedFunctions, attach].joined(separator: "\n")

  private static let launch = #"""
    IFS=$tab read -r name seconds
    directory=/run/fleetd/steps/$name
    mkdir -p -m 0755 /run/fleetd && mkdir -p -m 0700 /run/fleetd/steps || die 73 "/run/fleetd cannot be made"
    exec 8>>/run/fleetd/launch && flock -w 20 8 || die 75 "another run of fleetd is starting a step"
    ! systemctl is-active --quiet "fleetd-$name.service" || die 75 "fleetd-$name is still running from an earlier run"
    rm -rf "$directory" && mkdir -m 0700 "$directory" || die 73 "$directory cannot be made"
    umask 077
    # A connection that is cut here must not start half a step.
    take() { IFS= read -r length && head -c "$length" > "$1" && [ "$(stat -c %s -- "$1")" = "$length" ]; }
    { take "$directory/script" && take "$directory/input" && date -u +%s > "$directory/started"; } \
      || { rm -rf "$directory"; die 73 "the step did not arrive whole, or $directory cannot be written"; }
    systemd-run --quiet --collect --unit="fleetd-$name" --description="fleetd step $name" \
      --property=RuntimeMaxSec="$seconds" --property=KillMode=mixed /bin/sh -c '
        cd "$1" && sh script < input > output 2>&1
        echo $? > status.new && mv -T status.new status
      ' sh "$directory" 8>&- || die 70 "systemd cannot start the step"
    exec 8>&-
    """#

  /// The result belongs to the run that started the step; if that run is gone, what it left is cleared away.
  private static let attach = #"""
    IFS=$tab read -r name seconds
    directory=/run/fleetd/steps/$name
    while systemctl is-active --quiet "fleetd-$name.service"; do sleep 0.3; done
    tries=10
    while [ -e "$directory" ] && [ "$tries" -gt 0 ]; do sleep 0.3; tries=$((tries - 1)); done
    rm -rf "$directory"
    """#

  /// A unit that is gone without a status was killed: by its deadline, by a person, or with the machine.
  private static let waiting = #"""
    while [ ! -e "$directory/status" ]; do
      if ! systemctl is-active --quiet "fleetd-$name.service"; then
        [ -e "$directory/status" ] && break
        tail -c 4000 "$directory/output" >&2 2> /dev/null
        rm -rf "$directory"
        die 124 "fleetd-$name ended without a result: it was killed, or took longer than $seconds s"
      fi
      sleep 0.3
    done
    read -r status < "$directory/status"
    tail -c 8000 "$directory/output" >&2
    rm -rf "$directory"
    exit "$status"
    """#
}
