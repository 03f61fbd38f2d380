# shellcheck shell=bash
# The control plane of emulated boards: as control-plane.sh has it for the containers, for ARM64, as a disk that a board
# has beside its card. A card holds an operating system; what stands in for the inside of k3s is not written with it.
#
# disk.img  an ext4 file system with this label; fstab names it (machine/image)

MACHINE_CONTROL_PLANE_LABEL=control-plane

machine_control_plane_key() { cache_key "$LAB"/lib/{control-plane,machine-control-plane}.sh; }

# machine_control_plane_build DIRECTORY: takes as long as the other one, and nothing of it runs under emulation.
machine_control_plane_build() {
  local into=$1 work
  # shellcheck disable=SC2034 # for control_plane_unpack
  local CONTROL_PLANE_PACKAGES=(
    "etcd-server:$MACHINE_ARCHITECTURE" "etcd-client:$MACHINE_ARCHITECTURE" golang-github-modern-go-reflect2-dev
  )
  work=$(mktemp --directory "$CACHE/building-control-plane-work.XXXXXX")
  # The builder runs in a subshell of its own: this goes with it, whether it succeeds or not.
  # shellcheck disable=SC2064 # the directory of now
  trap "chmod -R u+w '$work' && rm -rf --one-file-system '$work'" EXIT
  control_plane_apt "$work"
  printf 'APT::Architectures { "%s"; "%s"; };\n' "$ARCHITECTURE" "$MACHINE_ARCHITECTURE" >>"$work/apt.conf"
  APT_CONFIG=$work/apt.conf apt-get -q --error-on=any update
  mkdir -m 0755 "$work/disk"
  control_plane_unpack "$work" "$work/disk"
  machine_control_plane_compile "$work" "$work/disk"
  machine_control_plane_disk "$work/disk" "$into/disk.img"
}

# machine_control_plane_compile WORK DIRECTORY: the makefile's code generators are built for this host and run here; what
# it is asked for is built for the board.
machine_control_plane_compile() {
  local work=$1 into=$2 tree=$1/src/k8s.io/kubernetes
  mkdir -p "$work/src/k8s.io"
  (
    cd "$work" || exit
    APT_CONFIG=$work/apt.conf apt-get -q --download-only source "$CONTROL_PLANE_SOURCE"
    dpkg-source --no-check --extract "$work/${CONTROL_PLANE_SOURCE}"_*.dsc "$tree"
    control_plane_mend "$work" "$tree"
    cd "$tree" || exit
    export GOPATH=$work GOCACHE=$work/go-cache GOPROXY=off GO111MODULE=off CGO_ENABLED=0
    # See control_plane_compile.
    export KUBE_GIT_COMMIT=0 KUBE_GIT_TREE_STATE=clean KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20
    KUBE_GIT_VERSION=v$(dpkg-parsechangelog -S Version | sed -E 's/.*really//; s/[-+].*//')
    export KUBE_GIT_VERSION KUBE_BUILD_PLATFORMS=linux/$MACHINE_ARCHITECTURE
    nice make WHAT='cmd/kube-apiserver cmd/kubectl' GOLDFLAGS='-s -w'
  )
  install -m 0755 "$tree/_output/local/bin/linux/$MACHINE_ARCHITECTURE"/{kube-apiserver,kubectl} "$into/"
}

# machine_control_plane_disk DIRECTORY IMAGE: nothing writes to it, so it has neither a journal nor room to spare.
machine_control_plane_disk() {
  local size
  size=$(du --summarize --block-size=1M "$1" | cut -f 1)
  mke2fs -q -t ext4 -O '^has_journal' -m 0 -L "$MACHINE_CONTROL_PLANE_LABEL" -d "$1" "$2" "$((size * 11 / 10 + 8))M"
}
