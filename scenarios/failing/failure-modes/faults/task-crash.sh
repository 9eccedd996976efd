#!/bin/sh
# A worker is killed in the middle of its tasks, and started again after a while, in the foreground.
# usage: task-crash.sh PID SECONDS COMMAND...
set -eu
pid=${1:?usage: task-crash.sh PID SECONDS COMMAND...}
seconds=${2:?usage: task-crash.sh PID SECONDS COMMAND...}
shift 2
kill -9 "$pid"
echo "killed $pid; it is started again in $seconds s"
sleep "$seconds"
exec "$@"
