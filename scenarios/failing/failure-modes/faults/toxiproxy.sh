# Sourced by the scripts beside it: breaks a proxy of Toxiproxy for a while, and heals it however the script ends.
# TOXIPROXY is the address of its API.

: "${TOXIPROXY:=http://127.0.0.1:8474}"

api() { # METHOD PATH [JSON]
	curl --silent --show-error --fail --output /dev/null --request "$1" --header 'content-type: application/json' \
		${3:+--data "$3"} "$TOXIPROXY$2"
}

# for_a_while SECONDS HEAL: waits, then heals; heals at once where it is ended before.
for_a_while() {
	heal=$2
	trap 'eval "$heal"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	echo "broken for $1 s"
	sleep "$1" &
	wait $!
}
