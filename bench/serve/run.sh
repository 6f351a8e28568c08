#!/bin/sh
# How fast a server is for its clients, each figure beside what is aimed at and beside bare loops of the same minute.
#
#   bench/serve/run.sh [URL]
#
# Starts the program as people do, on a new SQLite file, or on the new PostgreSQL database that URL names. Its model is a fake on
# this machine. The folder for all of it is under TMPDIR: name one on the disk that is meant, not in memory. Under three minutes.
set -eu

project=$(cd "$(dirname "$0")/../.." && pwd -P)
"$project/bin/build-dist.sh"
IFS= read -r jdk <"$project/target/dist/jdk"

work=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$project/mvnw" -q -f "$project/pom.xml" test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" >&2
classpath=$project/target/test-classes:$project/target/classes:$(cat "$work/classpath")

awk -v cpus="$(nproc 2>/dev/null || echo '?')" '{ printf "load %s on %s processors\n", $1, cpus }' /proc/loadavg 2>/dev/null || uptime
printf '%-48s %24s %10s\n' '' 'p50 / p99, or the figure' 'aimed at'
"$jdk/bin/java" --enable-native-access=ALL-UNNAMED -Xmx1g -cp "$classpath" dev.agentrunner.bench.ServeLoad \
  "$project/agent-runner" "$work" "${1:-sqlite:$work/server.db}"
