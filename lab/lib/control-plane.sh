# shellcheck shell=bash
# What the stand-in k3s runs on: etcd and etcdctl as Debian ships them, and kube-apiserver and kubectl from Debian's
# source package. Debian ships no kube-apiserver, and its kubectl dies now and then: see control_plane_mend. Every node
# sees the directory read-only as /usr/lib/fleetlab/control-plane.

CONTROL_PLANE_SOURCE=kubernetes
CONTROL_PLANE_PACKAGES=(etcd-server etcd-client golang-github-modern-go-reflect2-dev)

# control_plane_build DIRECTORY: takes five to ten minutes on two cores, nearly all of it for the API server.
control_plane_build() {
  local into=$1 work
  work=$(mktemp --directory "$CACHE/building-control-plane-work.XXXXXX")
  # The builder runs in a subshell of its own: this goes with it, whether it succeeds or not.
  # shellcheck disable=SC2064 # the directory of now
  trap "chmod -R u+w '$work' && rm -rf --one-file-system '$work'" EXIT
  control_plane_apt "$work"
  control_plane_unpack "$work" "$into"
  control_plane_compile "$work" "$into"
}

# control_plane_apt WORK: apt's lists, in a place of their own, of the host's sources with the source packages that a
# host seldom asks for. Used by naming WORK/apt.conf in APT_CONFIG.
control_plane_apt() {
  local work=$1 file number=0
  mkdir -p "$work/sources" "$work/lists/partial" "$work/archives/partial"
  while read -r file; do
    number=$((number + 1))
    case $file in
      *.sources) sed 's/^Types:.*/Types: deb deb-src/' "$file" >"$work/sources/$number.sources" ;;
      *) sed -n -e 's/^deb\(-src\)\?[[:space:]]/deb /p' -e 's/^deb /deb-src /p' "$file" >"$work/sources/$number.list" ;;
    esac
  done < <(rootfs_sources)
  ((number)) || die "no apt source of this host has $RELEASE: name a sources file that does in FLEETLAB_APT_SOURCES"
  cat >"$work/apt.conf" <<END_OF_CONFIGURATION
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$work/sources";
Dir::State::Lists "$work/lists";
Dir::Cache::Archives "$work/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Sandbox::User "root";
END_OF_CONFIGURATION
  APT_CONFIG=$work/apt.conf apt-get -q --error-on=any update
}

# control_plane_unpack WORK DIRECTORY: the programs alone; no service of theirs gets onto the host.
control_plane_unpack() {
  local work=$1 into=$2 package
  mkdir "$work/packages"
  (
    cd "$work/packages" || exit
    APT_CONFIG=$work/apt.conf apt-get -q download "${CONTROL_PLANE_PACKAGES[@]}"
  )
  for package in "$work"/packages/*.deb; do dpkg-deb --extract "$package" "$work/unpacked"; done
  install -m 0755 "$work"/unpacked/usr/bin/{etcd,etcdctl} "$into/"
}

# control_plane_mend WORK TREE: the source brings its own copy of reflect2, of a time before Go 1.18, whose maps it walks
# wrongly: the programs die of it when they write JSON. Debian has a reflect2 that fits Debian's Go.
control_plane_mend() {
  local copy=$2/vendor/github.com/modern-go/reflect2
  rm -r "$copy"
  cp -R "$1/unpacked/usr/share/gocode/src/github.com/modern-go/reflect2" "$copy"
}

# control_plane_compile WORK DIRECTORY: by Kubernetes' own makefile, which first generates a good part of the code.
control_plane_compile() {
  local work=$1 into=$2 tree=$1/src/k8s.io/kubernetes
  mkdir -p "$work/src/k8s.io"
  (
    cd "$work" || exit
    APT_CONFIG=$work/apt.conf apt-get -q --download-only source "$CONTROL_PLANE_SOURCE"
    dpkg-source --no-check --extract "$work/${CONTROL_PLANE_SOURCE}"_*.dsc "$tree"
    control_plane_mend "$work" "$tree"
    cd "$tree" || exit
    export GOPATH=$work GOCACHE=$work/go-cache GOPROXY=off GO111MODULE=off CGO_ENABLED=0
    # Its scripts ask git about the tree, and would find the one around this directory if there is one.
    export KUBE_GIT_COMMIT=0 KUBE_GIT_TREE_STATE=clean KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20
    KUBE_GIT_VERSION=v$(dpkg-parsechangelog -S Version | sed -E 's/.*really//; s/[-+].*//')
    export KUBE_GIT_VERSION
    nice make WHAT='cmd/kube-apiserver cmd/kubectl' GOLDFLAGS='-s -w'
  )
  install -m 0755 "$tree"/_output/bin/{kube-apiserver,kubectl} "$into/"
}
