#!/bin/sh
# Deliveries are truncated: a connection closes once it has carried so many bytes.
# usage: partial-data.sh PROXY [SECONDS] [BYTES]
set -eu
. "$(dirname "$0")/toxiproxy.sh"
proxy=${1:?usage: partial-data.sh PROXY [SECONDS] [BYTES]}
api POST "/proxies/$proxy/toxics" \
	"{\"name\":\"short\",\"type\":\"limit_data\",\"stream\":\"downstream\",\"attributes\":{\"bytes\":${3:-900}}}"
for_a_while "${2:-3}" "api DELETE /proxies/$proxy/toxics/short"
