#!/usr/bin/env bash
# Goes to hooks/pre-receive of a bare repository. Asks the gate at GATE_URL about a push, and lets it in only where the gate
# says so: a gate that is away, breaks or does not answer in time lets in nothing.
set -u
export LC_ALL=C
# Who writes to a gate that has gone is told so, and not killed by it.
trap '' PIPE

refuse() {
	echo "contract-gate: no verdict: $1; push again"
	exit 1
}

address=${GATE_URL:?the address of the gate, http://host:port}
address=${address#http://}
address=${address%/}
asked="repository $PWD
objects ${GIT_OBJECT_DIRECTORY-}
alternates ${GIT_ALTERNATE_OBJECT_DIRECTORIES-}
$(cat)"
{ exec 3<>"/dev/tcp/${address%:*}/${address##*:}"; } 2>/dev/null || refuse "the gate is not there"
{ printf 'POST /push HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' "${#asked}" "$asked" >&3; } 2>/dev/null ||
	refuse "the gate did not listen"

answer() { IFS= read -r -t "$1" line <&3 2>/dev/null; }
answer "${GATE_LIMIT_S:-60}" || refuse "the gate did not answer"
[[ $line == *" 200 "* ]] || refuse "the gate answered $line"
until [ "$line" = $'\r' ]; do answer 5 || refuse "the gate broke off its answer"; done
answer 5 || refuse "the gate broke off its answer"
case $line in
passed)
	while answer 5; do echo "contract-gate: $line"; done
	exit 0
	;;
blocked)
	while answer 5; do echo "contract-gate: $line"; done
	exit 1
	;;
*)
	answer 5 || line="the gate said $line"
	refuse "$line"
	;;
esac
