extension StepScript {
  // What each step makes is noted below /var/lib/fleetd/enrol before it is made, so that `enrolUndo` takes back that and
  // nothing else, also after a run that died half-way.

  /// Line 1: the account. No password is set ("*"), and it is not locked ("!"): without PAM, sshd lets no locked one in.
  static let enrolAccount = StepScript(
    "enrol-account",
    #"""
    IFS=$tab read -r user
    ! getent passwd "$user" > /dev/null || die 65 "the account $user is there meanwhile"
    mkdir -p -m 0700 /var/lib/fleetd/enrol && printf '%s\n' "$user" > /var/lib/fleetd/enrol/account \
      && sync /var/lib/fleetd/enrol/account || die 73 "/var/lib/fleetd/enrol cannot be written"
    if getent group "$user" > /dev/null; then set -- --gid "$user"; else set --; fi
    useradd "$@" --create-home --shell /bin/bash --password '*' -- "$user" >&2 || die 70 "useradd cannot add $user"
    """#)

  /// Line 1: the account, its file of keys, "own" where that lies in its home. Line 2: the key.
  ///
  /// A file in somebody's home is written by that account: it may have put links where root would follow them.
  static let enrolKey = StepScript(
    "enrol-key",
    #"""
    IFS=$tab read -r user path owner
    IFS= read -r key || die 65 "the input ends early"
    mkdir -p -m 0700 /var/lib/fleetd/enrol && printf '%s\n' "$path" > /var/lib/fleetd/enrol/key \
      && sync /var/lib/fleetd/enrol/key || die 73 "/var/lib/fleetd/enrol cannot be written"
    add='umask 077; directory=${1%/*}; new=$directory/.authorized_keys.fleetd-new
      mkdir -p -- "$directory" && rm -f -- "$new" && set -C && {
        [ ! -e "$1" ] || { cat -- "$1" && { [ -z "$(tail -c 1 -- "$1")" ] || echo; }; }
        cat
      } > "$new" && sync -- "$new" && mv -T -- "$new" "$1"'
    if [ "$owner" = own ]; then
      printf '%s\n' "$key" | runuser -u "$user" -- /bin/sh -c "$add" sh "$path" 9>&- \
        || die 73 "$path cannot be written by $user"
    else
      printf '%s\n' "$key" | /bin/sh -c "$add" sh "$path" && chmod 0644 -- "$path" || die 73 "$path cannot be written"
    fi
    """#)

  /// Before the file is written: what stood there.
  static let enrolRecordSudoers = StepScript(
    "enrol-record-sudoers",
    #"""
    record=/var/lib/fleetd/enrol; path=/etc/sudoers.d/010_fleetd-nopasswd
    mkdir -p -m 0700 "$record" || die 73 "$record cannot be written"
    if [ -e "$path" ] && [ ! -e "$record/sudoers" ]; then
      cp -p -- "$path" "$record/sudoers-before" || die 73 "$record cannot be written"
    fi
    : > "$record/sudoers" && sync "$record/sudoers" || die 73 "$record cannot be written"
    """#)

  /// Line 1: the account. Line 2: the key. In the reverse order; each part on its own, so that one that fails does not
  /// keep the others.
  static let enrolUndo = StepScript(
    "enrol-undo",
    #"""
    IFS=$tab read -r user
    IFS= read -r key || die 65 "the input ends early"
    record=/var/lib/fleetd/enrol; sudoers=/etc/sudoers.d/010_fleetd-nopasswd; failed=
    [ -d "$record" ] || exit 0
    if [ -e "$record/sudoers-before" ]; then
      cp -p -- "$record/sudoers-before" "$sudoers.fleetd-undo" && mv -T -- "$sudoers.fleetd-undo" "$sudoers" || failed=yes
    elif [ -e "$record/sudoers" ]; then
      rm -f -- "$sudoers" || failed=yes
    fi
    if [ -e "$record/account" ] && getent passwd "$user" > /dev/null; then
      ! command -v loginctl > /dev/null || loginctl terminate-user "$user" 2> /dev/null
      userdel --force --remove "$user" > /dev/null 2>&1
      ! getent passwd "$user" > /dev/null || failed=yes
    elif [ -e "$record/key" ] && IFS= read -r path < "$record/key" && [ -f "$path" ]; then
      take='umask 077; new=${1%/*}/.authorized_keys.fleetd-new; rm -f -- "$new" && set -C
        key=$(cat); grep -vxF -e "$key" -- "$1" > "$new"
        [ $? -le 1 ] && sync -- "$new" && if [ -s "$new" ]; then mv -T -- "$new" "$1"; else rm -f -- "$new" "$1"; fi'
      if [ "$(stat -c %U -- "$path")" = "$user" ]; then
        printf '%s\n' "$key" | runuser -u "$user" -- /bin/sh -c "$take" sh "$path" 9>&- || failed=yes
      else
        printf '%s\n' "$key" | /bin/sh -c "$take" sh "$path" && { [ ! -e "$path" ] || chmod 0644 -- "$path"; } || failed=yes
      fi
    fi
    [ -z "$failed" ] || die 73 "not all of it could be taken back: see $record"
    rm -rf -- "$record"
    """#)

  static let enrolKeep = StepScript("enrol-keep", "rm -rf -- /var/lib/fleetd/enrol || die 73 'it cannot be removed'")
}
