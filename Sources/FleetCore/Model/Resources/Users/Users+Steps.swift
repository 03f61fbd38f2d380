extension StepScript {
  /// Line 1: name, its line of /etc/passwd as it was observed ("absent", or "any"). Line 2: a command of shadow-utils
  /// and its arguments.
  static let account = StepScript(
    "account",
    #"""
    IFS=$tab read -r name before || die 65 "the input ends early"
    read_words
    now=absent
    while IFS= read -r row; do
      case $row in "$name:"*) now=$row; break ;; esac
    done < /etc/passwd
    [ "$before" = any ] || [ "$now" = "$before" ] || die 65 "the account $name is not what it was when it was observed"
    case ${words%%"$tab"*} in useradd | usermod | userdel) ;; *) die 65 "no such command" ;; esac
    # Who uses the account: the processes that run as it.
    users_of() {
      find /proc -maxdepth 1 -name '[0-9]*' -user "$name" 2> /dev/null | head -n 5 | while IFS= read -r process; do
        { IFS= read -r command < "$process/comm"; } 2> /dev/null && printf ' %s (%s)' "$command" "${process##*/}"
      done
    }
    said=$(run_words "$words" %s 2>&1 < /dev/null 9>&-) && { sync; exit 0; }
    status=$?
    case $status/$said in
      8/*) die 75 "$name is in use by:$(users_of)" ;;
      *'cannot lock /etc/'*) die 75 "somebody else changes accounts now: $said" ;;
      *'No space left'*) die 73 "$said: $(no_space /etc)" ;;
      6/*) die 67 "$said" ;;
      *) die 70 "${words%%"$tab"*} ended with $status: $said" ;;
    esac
    """#
  )

  /// Line: name. Payload: what crypt(3) made of the password.
  static let setPassword = StepScript(
    "set-password",
    #"""
    IFS=$tab read -r name || die 65 "the input ends early"
    hash=$(read_payload) || exit 65
    case $hash in
      *[!A-Za-z0-9./\$=,_+-]*) die 65 "the secret is no hash of crypt(3)" ;;
      '$'?*'$'?*) ;;
      *) die 65 "the secret is no hash of crypt(3): openssl passwd -6 makes one" ;;
    esac
    printf '%s:%s\n' "$name" "$hash" | chpasswd -e 9>&- || die 70 "chpasswd refuses the password of $name"
    """#
  )

  /// Line: name. The home is made beside its place and renamed, so that half a home never stands there.
  static let makeHome = StepScript(
    "make-home",
    #"""
    IFS=$tab read -r name || die 65 "the input ends early"
    row=$(getent passwd "$name") || die 67 "there is no account $name"
    rest=${row%:*}; home=${rest##*:}; rest=${row#*:*:}; uid=${rest%%:*}; rest=${rest#*:}; gid=${rest%%:*}
    case $home in /*/*) ;; *) die 69 "$home is no home that fleetd makes" ;; esac
    [ ! -e "$home" ] && [ ! -L "$home" ] || exit 0
    umask 022
    parent=$(dirname -- "$home"); new="$parent/.$(basename -- "$home").fleetd-new"
    mkdir -p -- "$parent" && rm -rf -- "$new" && mkdir -m 0700 -- "$new" || die 73 "$new cannot be made"
    trap 'rm -rf -- "$new"' EXIT
    if [ -d /etc/skel ]; then cp -R /etc/skel/. "$new/" || die 73 "$new cannot be filled: $(no_space "$parent")"; fi
    chown -R -h -- "$uid:$gid" "$new" || die 70 "$new cannot be given to $name"
    sync && mv -T -- "$new" "$home" || die 73 "$home cannot be made"
    """#
  )

  /// Line: name, SHA-256 of the file that is replaced ("absent", or "any"), SHA-256 of the new one. Payload: its text.
  ///
  /// Everything is done by the account itself: in its own home it may have put links in the way that lead anywhere, and
  /// where it may not write, neither does this.
  static let authorizedKeys = StepScript(
    "authorized-keys",
    #"""
    IFS=$tab read -r name before after || die 65 "the input ends early"
    row=$(getent passwd "$name") || die 67 "there is no account $name"
    rest=${row%:*}; home=${rest##*:}; rest=${row#*:*:}; uid=${rest%%:*}; rest=${rest#*:}; gid=${rest%%:*}
    cd / && read_payload | setpriv --reuid "$uid" --regid "$gid" --init-groups /bin/sh -c '
      home=$1; before=$2; after=$3
      die() { printf "%s\n" "$2" >&2; exit "$1"; }
      digest() { sum=$(sha256sum < "$1") && printf %s "${sum%% *}"; }
      cd -- "$home" || die 73 "the home $home cannot be entered"
      umask 077
      [ -d .ssh ] || mkdir .ssh || die 73 "$home/.ssh cannot be made"
      chmod go-w .ssh || die 73 "$home/.ssh does not belong to its account"
      cd .ssh || die 73 "$home/.ssh cannot be entered"
      if [ -f authorized_keys ]; then now=$(digest authorized_keys); elif [ -e authorized_keys ]; then now=other
      else now=absent
      fi
      [ "$before" = any ] || [ "$now" = "$before" ] \
        || die 65 "$home/.ssh/authorized_keys is not what it was when it was observed"
      new=.authorized_keys.fleetd-new
      trap "rm -f -- $new" EXIT
      rm -f -- "$new"
      (set -C; cat > "$new") || die 73 "$home/.ssh/$new cannot be written"
      [ "$(digest "$new")" = "$after" ] || die 73 "$home/.ssh/$new did not arrive whole"
      sync "$new" && mv -T -- "$new" authorized_keys && sync . || die 73 "$home/.ssh/authorized_keys cannot be replaced"
    ' sh "$home" "$before" "$after" 9>&-
    """#
  )
}
