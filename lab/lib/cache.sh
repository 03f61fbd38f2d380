# shellcheck shell=bash
# Built things, each in a directory of the cache named after a digest of everything it was made from. A directory is
# filled under another name and renamed when it is complete, so an interrupted build leaves nothing that looks built.

# cache_key FILE|DIRECTORY…: a digest of names, contents and modes, of the release and of the architecture.
cache_key() {
  {
    printf '%s %s\n' "$RELEASE" "$ARCHITECTURE"
    find "$@" \( -type f -o -type l \) -printf '%P %m\n' | LC_ALL=C sort
    find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 cat
  } | sha256sum | cut -c1-16
}

# cache_build KIND KEY BUILDER: prints the directory KIND-KEY of the cache; when it is missing, first calls BUILDER
# with an empty directory to fill.
cache_build() {
  local kind=$1 key=$2 builder=$3
  local built=$CACHE/$kind-$key
  if [[ ! -d $built ]]; then
    say "building $kind (kept in $built)"
    mkdir -p "$CACHE"
    local scratch
    scratch=$(mktemp --directory "$CACHE/building-$kind.XXXXXX")
    chmod 0755 "$scratch"
    # Not `if ! "$builder"`: the shell ignores `set -e` inside a condition, and so would go on after a failed step.
    local status
    set +e
    (set -e; "$builder" "$scratch") >&2
    status=$?
    set -e
    if ((status != 0)); then
      rm -rf --one-file-system "$scratch"
      die "failed to build $kind: see the messages above"
    fi
    mv --no-target-directory "$scratch" "$built"
    cache_prune "$kind" "$built"
  fi
  touch "$built" # used now
  printf '%s\n' "$built"
}

# cache_prune KIND KEEP: removes other builds of KIND that have not been asked for in a week, unless a card is based on
# one or anything at all is mounted on it. Not sooner: others may use a build directly.
cache_prune() {
  local old
  while read -r old; do
    [[ $old == "$2" ]] || grep -qsxF "$old" "$STATE"/nodes/*/rootfs || grep -qF "$old" /proc/mounts ||
      rm -rf --one-file-system "$old"
  done < <(find "$CACHE" -maxdepth 1 -name "$1-????????????????" -mtime +7)
}
