extension K3s {
  /// Prints the secret that has a digest: line 1 is the digest, the others are the files in which it may stand, each of
  /// which `hidingFunctions` can take apart. Exit status 1: in none of them.
  package static let secretScript = """
    LC_ALL=C; export LC_ALL; TZ=UTC; export TZ
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
    tab=$(printf '\\t'); newline='
    '
    \(hidingFunctions)
    \(search)
    """

  private static let search: StaticString = #"""
    emit() { :; }
    k3s_meets() {
      k3s_digest "$1"
      [ "$k3s_sum" != "$wanted" ] || { printf %s "$k3s_password"; exit 0; }
    }
    IFS= read -r wanted || exit 65
    while IFS= read -r k3s_path; do
      [ -f "$k3s_path" ] || continue
      case $k3s_path in
        *.[Yy][Aa][Mm][Ll] | *.[Yy][Mm][Ll]) k3s_kind=yaml ;;
        *.service | *.service.d/*) k3s_kind=unit ;;
        *.env | /etc/default/* | /etc/sysconfig/*) k3s_kind=environment ;;
        *) k3s_meets "$(head -c 4096 -- "$k3s_path")"; continue ;;
      esac
      k3s_rest=$(awk -v kind="$k3s_kind" "$k3s_marker" < "$k3s_path"; printf .)
      while :; do
        case $k3s_rest in *"$k3s_start"*"$k3s_stop"*) ;; *) break ;; esac
        k3s_rest=${k3s_rest#*"$k3s_start"}
        k3s_meets "${k3s_rest%%"$k3s_stop"*}"
        k3s_rest=${k3s_rest#*"$k3s_stop"}
      done
    done
    exit 1
    """#
}
