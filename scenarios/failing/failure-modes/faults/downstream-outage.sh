#!/bin/sh
# The sink is down: connections are cut, new ones refused.
# usage: downstream-outage.sh PROXY [SECONDS]
set -eu
. "$(dirname "$0")/toxiproxy.sh"
proxy=${1:?usage: downstream-outage.sh PROXY [SECONDS]}
api POST "/proxies/$proxy" '{"enabled":false}'
for_a_while "${2:-3}" "api POST /proxies/$proxy '{\"enabled\":true}'"
