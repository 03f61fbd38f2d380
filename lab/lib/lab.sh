# shellcheck shell=bash
# All of the lab's functions, in the order in which they build on each other.

# shellcheck source-path=SCRIPTDIR
LIB=$(dirname "${BASH_SOURCE[0]}")
source "$LIB/settings.sh"
source "$LIB/requirements.sh"
source "$LIB/host.sh"
source "$LIB/cache.sh"
source "$LIB/board.sh"
source "$LIB/keys.sh"
source "$LIB/network.sh"
source "$LIB/firmware.sh"
source "$LIB/modules.sh"
source "$LIB/packages.sh"
source "$LIB/rootfs.sh"
source "$LIB/machine-base.sh"
source "$LIB/machine-image.sh"
source "$LIB/control-node.sh"
source "$LIB/control-plane.sh"
source "$LIB/machine-control-plane.sh"
source "$LIB/releases.sh"
source "$LIB/servers.sh"
source "$LIB/card.sh"
source "$LIB/machine-card.sh"
source "$LIB/machine.sh"
source "$LIB/node.sh"
