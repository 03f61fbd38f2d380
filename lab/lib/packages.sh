# shellcheck shell=bash
# The nodes' only apt repository, built from packages/: see packages/index for what is in it and why.

packages_build() {
  local into=$1 name version fields architecture
  mkdir -p "$into/pool"
  while read -r name version fields; do
    [[ -z $name || $name == \#* ]] || package_build "$into/pool" "$name" "$version" "$fields"
  done <"$LAB/packages/index"
  (
    cd "$into" || exit
    for architecture in amd64 arm64; do
      mkdir -p "dists/$RELEASE/main/binary-$architecture"
      apt-ftparchive packages pool >"dists/$RELEASE/main/binary-$architecture/Packages"
    done
    apt-ftparchive -o APT::FTPArchive::Release::Origin=fleetlab -o APT::FTPArchive::Release::Label=fleetlab \
      -o "APT::FTPArchive::Release::Suite=$RELEASE" -o "APT::FTPArchive::Release::Codename=$RELEASE" \
      -o APT::FTPArchive::Release::Components=main -o "APT::FTPArchive::Release::Architectures=amd64 arm64" \
      release "dists/$RELEASE" >Release
    mv Release "dists/$RELEASE/Release"
  )
}

# package_build POOL NAME VERSION FIELDS: FIELDS are further lines of the control file, separated by |. The content is
# packages/NAME_VERSION, or else packages/NAME, or else nothing.
package_build() {
  local pool=$1 name=$2 version=$3 fields=$4 content tree
  tree=$(mktemp --directory)
  chmod 0755 "$tree"
  for content in "$LAB/packages/${name}_$version" "$LAB/packages/$name"; do
    if [[ -d $content ]]; then
      cp -RT "$content" "$tree"
      break
    fi
  done
  # 30 MB of zeros need not lie in the checkout.
  if [[ $name == fleet-big ]]; then
    mkdir -p "$tree/usr/share/fleet-big"
    head -c 30M /dev/zero >"$tree/usr/share/fleet-big/payload"
  fi
  mkdir -p "$tree/DEBIAN"
  [[ ! -f $tree/DEBIAN/units ]] || package_service_scripts "$tree/DEBIAN"
  {
    printf 'Package: %s\nVersion: %s\nArchitecture: all\n' "$name" "$version"
    printf 'Maintainer: fleetd lab <root@localhost>\nSection: misc\nPriority: optional\n'
    [[ -z $fields ]] || tr '|' '\n' <<<"$fields"
    printf 'Description: stand-in of the fleetd lab, not the package of Debian\n'
  } >"$tree/DEBIAN/control"
  if [[ -d $tree/etc ]]; then (cd "$tree" && find etc -type f -printf '/%p\n' | sort) >"$tree/DEBIAN/conffiles"; fi
  dpkg-deb --root-owner-group -Znone --build "$tree" "$pool/${name}_${version/:/%3a}_all.deb" >/dev/null
  rm -rf --one-file-system "$tree"
}

# package_service_scripts DEBIAN: a file `units`, one name a line, becomes the maintainer scripts that enable, start and
# stop those units.
package_service_scripts() {
  local debian=$1 units script
  units=$(paste -s -d ' ' "$debian/units")
  for script in postinst prerm postrm; do
    sed "s/@UNITS@/$units/" "$LAB/packages/service-scripts/$script" >"$debian/$script"
    chmod 0755 "$debian/$script"
  done
  rm "$debian/units"
}
