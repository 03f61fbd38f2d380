// libyaml (Debian's libyaml-dev), as it is: nothing to add, its API imports into Swift without help.
#include <yaml.h>
