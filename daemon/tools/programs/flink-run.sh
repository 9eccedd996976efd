#!/bin/sh
# flink-run Main.java [FOLDER…]
#
# Runs the class Main in this process on Flink's jars, which lie beside this. Sources are those beside Main.java and in these
# folders; what is compiled of them stays beside the jars, for whoever runs the same ones.
set -eu
export LC_ALL=C.UTF-8 # in C, Java opens no file with a letter in its path that is not ASCII
jars=$(dirname "$(readlink -f "$0")")
main=$1
shift
beside=$(dirname "$main")
sources=$beside
for folder in "$@"; do sources=$sources:$folder; done

classes=$jars/compiled-$(find "$beside" "$@" -name '*.java' -exec cat {} + | cksum | tr ' ' '-')
if [ ! -d "$classes" ]; then
	draft=$(mktemp -d "$jars/.compiling-XXXXXX")
	trap 'rm -rf "$draft"' EXIT
	javac --release 17 -proc:none -d "$draft" -cp "$jars/*" -sourcepath "$sources" "$main"
	[ -d "$classes" ] || mv "$draft" "$classes"
	rm -rf "$draft" # of one who was not the first
	trap - EXIT
fi

# The process that was started is the JVM, so that whoever kills or freezes it does that to the work. The quick compiler
# alone: the other takes a third of the processor's time to start. Metrics of one name are a mistake of Flink's, told at each
# checkpoint.
exec java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xshare:auto \
	-Djava.awt.headless=true \
	--add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/java.util=ALL-UNNAMED \
	-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.showDateTime=true \
	-Dorg.slf4j.simpleLogger.log.org.apache.flink.metrics.MetricGroup=error \
	"-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS" \
	-cp "$classes:$jars/*" "$(basename "$main" .java)"
