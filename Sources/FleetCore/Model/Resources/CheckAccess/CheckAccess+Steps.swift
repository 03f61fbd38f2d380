extension StepScript {
  /// The account, its home, and what digests are sealed with. The home is root's, so that no session of the account can
  /// leave anything in it: not another key, not a file that a shell or sshd would read.
  ///
  /// The key to seal with is made anew only where there is none: two looks can be compared by what it seals.
  static let checkAccount = StepScript(
    "check-account",
    #"""
    account=fleetd-check; home=/var/lib/fleetd-check; seal=/var/lib/fleetd/check.key
    said=$(
      if getent passwd "$account" > /dev/null; then
        [ "$(id -u "$account")" -ne 0 ] || { echo "$account is root by another name"; exit 67; }
        usermod --shell /bin/sh --home "$home" --password '*' --groups '' "$account" 2>&1 < /dev/null 9>&-
      else
        useradd --system --user-group --shell /bin/sh --home-dir "$home" --no-create-home --password '*' "$account" \
          2>&1 < /dev/null 9>&-
      fi
    ) || die 70 "the account $account cannot be made: $said"
    [ ! -L "$home" ] && { [ ! -e "$home" ] || [ -d "$home" ]; } || die 65 "$home is no directory"
    [ ! -L "$home/.ssh" ] || rm -f -- "$home/.ssh"
    mkdir -p -- "$home/.ssh" && chown -h root:root "$home" "$home/.ssh" && chmod 0755 "$home" "$home/.ssh" \
      || die 73 "$home cannot be made: $(no_space /var/lib)"
    mkdir -p -m 0755 /var/lib/fleetd || die 73 "/var/lib/fleetd cannot be made"
    trap 'rm -f -- "$seal.fleetd-new"' EXIT
    umask 077
    case $(stat -c '%F %a %U %G %s' -- "$seal" 2> /dev/null) in
      'regular file 600 root root 129') ;;
      *)
        rm -rf -- "$seal" "$seal.fleetd-new"
        od -An -v -t x1 -N 64 /dev/urandom | tr -d ' \n' > "$seal.fleetd-new" && echo >> "$seal.fleetd-new" \
          && [ "$(stat -c %s "$seal.fleetd-new")" -eq 129 ] && sync -- "$seal.fleetd-new" \
          && mv -T -- "$seal.fleetd-new" "$seal" && sync -- /var/lib/fleetd || die 73 "$seal cannot be written"
        ;;
    esac
    """#
  )

  /// The key first: what is left after a crash in between opens nothing.
  static let removeCheckAccount = StepScript(
    "check-account-remove",
    #"""
    account=fleetd-check
    rm -f -- /var/lib/fleetd-check/.ssh/authorized_keys /etc/sudoers.d/fleetd-check \
      && sync -- /etc/sudoers.d || die 73 "the account's key cannot be removed"
    pkill -KILL -u "$account" 2> /dev/null
    if getent passwd "$account" > /dev/null; then
      said=$(userdel --force "$account" 2>&1 < /dev/null 9>&-) || die 70 "the account $account cannot be removed: $said"
    fi
    rm -rf -- /var/lib/fleetd-check /usr/local/lib/fleetd/check /usr/local/lib/fleetd/check.allow \
      /var/lib/fleetd/check.key || die 73 "/var/lib/fleetd-check cannot be removed"
    rmdir /usr/local/lib/fleetd 2> /dev/null
    sync -- /var/lib/fleetd /usr/local/lib
    """#
  )
}
