# shellcheck shell=bash
# The directory of k3s releases, in the layout of the real ones: VERSION/k3s, VERSION/k3s-arm64 and checksums. What is
# in it, and which release is broken in what way, is listed in k3s-standin/releases.

releases_build() {
  local into=$1 version fault architecture
  while read -r version fault; do
    [[ -z $version || $version == \#* ]] && continue
    mkdir "$into/$version"
    for architecture in amd64 arm64; do
      release_build "$into/$version" "$version" "$architecture" "$fault"
    done
  done <"$LAB/k3s-standin/releases"
}

# release_build DIRECTORY VERSION ARCHITECTURE FAULT
release_build() {
  local into=$1 version=$2 architecture=$3 fault=$4 binary=k3s images
  [[ $architecture == amd64 ]] || binary=k3s-$architecture
  go_build "$LAB/k3s-standin" "$into/$binary" "$architecture" "-X main.version=$version -X main.fault=$fault"
  images=k3s-airgap-images-$architecture.tar
  # What a stand-in imports: nothing but which release they are of.
  echo "$version" >"$into/release"
  tar -C "$into" -cf "$into/$images" --sort=name --mtime=@0 --owner=0 --group=0 release
  rm "$into/release"
  gzip -k -n "$into/$images"
  zstd -q "$into/$images"
  (cd "$into" && sha256sum "$images" "$images.gz" "$images.zst" "$binary" >"sha256sum-$architecture.txt")
  case $fault in
    wrong-checksum) sed -i "/ $binary\$/s/^......../deadbeef/" "$into/sha256sum-$architecture.txt" ;;
    no-binary) rm "$into/$binary" ;;
  esac
}

# go_build SOURCES BINARY ARCHITECTURE [LINKER_FLAGS]: static, without network access and without a trace of this host.
go_build() {
  (
    cd "$1" || exit
    GOCACHE=$CACHE/go GOPATH=$CACHE/gopath GOPROXY=off GOFLAGS=-mod=mod CGO_ENABLED=0 GOOS=linux GOARCH=$3 \
      nice go build -trimpath -buildvcs=false -ldflags "-s -w ${4:-}" -o "$2" .
  )
}
