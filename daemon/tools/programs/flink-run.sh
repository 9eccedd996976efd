#!/bin/sh
# flink-run Main.java [FOLDER…]
#
# Runs the class Main in this process on Flink's jars, which lie beside this. Sources are those beside Main.java and in these
# folders; what is compiled of them stays beside the jars, for whoever runs the same ones. `flink-run --warm-up` makes an
# archive of the classes that every job loads, of which a JVM starts in half of the processor's time.
set -eu
export LC_ALL=C.UTF-8 # in C, Java opens no file with a letter in its path that is not ASCII
jars=$(dirname "$(readlink -f "$0")")
# By this name in the folder of start: an archive is used by those alone who call the jars as its maker did, and where they
# lie has changed since.
libraries=$(cd "$jars" && printf ':.flink/%s' *.jar)
libraries=${libraries#:}

# The process that was started becomes the JVM, so that whoever kills or freezes it does that to the work. It has the quick
# compiler alone, for the other takes a third of the time to start. Metrics of one name are a mistake of Flink's, which it
# tells at each checkpoint; and a broker that is away would be told ten times a second. Flink leaves 20 MB of temporary files
# where it is killed: they are to go with the folder of start.
run_java() {
	ln -sfn "$jars" .flink
	rm -rf .temporary # of one that was killed
	mkdir .temporary
	exec java "-Djava.io.tmpdir=$PWD/.temporary" -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xshare:auto \
		-Djava.awt.headless=true \
		--add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/java.util=ALL-UNNAMED \
		-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.showDateTime=true \
		"-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS" \
		-Dorg.slf4j.simpleLogger.log.org.apache.flink.metrics.MetricGroup=error \
		-Dorg.slf4j.simpleLogger.log.org.apache.kafka.clients.NetworkClient=error \
		"$@"
}

if [ "$1" = --warm-up ]; then
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	cd "$folder"
	(run_java -XX:ArchiveClassesAtExit=.flink/classes.jsa -Xlog:disable -cp "$libraries" .flink/FlinkWarmUp.java)
	exit
fi

main=$1
shift
beside=$(dirname "$main")
sources=$beside
for folder in "$@"; do sources=$sources:$folder; done

# By the class too: of the sources, what it needs is compiled, and no more.
classes=$jars/compiled-$(basename "$main" .java)-$(find "$beside" "$@" -name '*.java' -exec cat {} + | cksum | tr ' ' '-')
if [ ! -d "$classes" ]; then
	draft=$(mktemp -d "$jars/.compiling-XXXXXX")
	trap 'rm -rf "$draft"' EXIT
	javac --release 17 -proc:none -d "$draft" -cp "$jars/*" -sourcepath "$sources" "$main"
	[ -d "$classes" ] || mv "$draft" "$classes"
	rm -rf "$draft" # of one who was not the first
	trap - EXIT
fi

run_java -XX:SharedArchiveFile=.flink/classes.jsa -cp "$libraries:$classes" "$(basename "$main" .java)"
