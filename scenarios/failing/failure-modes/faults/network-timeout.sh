#!/bin/sh
# The way is a black hole: connections stay open, and nothing passes. Healing closes those it held.
# usage: network-timeout.sh PROXY [SECONDS]
set -eu
. "$(dirname "$0")/toxiproxy.sh"
proxy=${1:?usage: network-timeout.sh PROXY [SECONDS]}
for way in upstream downstream; do
	api POST "/proxies/$proxy/toxics" \
		"{\"name\":\"hole-$way\",\"type\":\"timeout\",\"stream\":\"$way\",\"attributes\":{\"timeout\":0}}"
done
for_a_while "${2:-3}" "api DELETE /proxies/$proxy/toxics/hole-upstream; api DELETE /proxies/$proxy/toxics/hole-downstream"
