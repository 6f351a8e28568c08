#!/bin/sh
# How many events and whole runs a second the store of a server takes, on SQLite and PostgreSQL, beside bare loops.
#
#   bench/serve/store.sh [SECONDS]
#
# SECONDS each figure is measured for; default 5. Compiles the tests first; PostgreSQL is started from the test libraries. The
# folder for the databases is under TMPDIR: name one on the disk that is meant, not in memory.
set -eu

project=$(cd "$(dirname "$0")/../.." && pwd -P)
seconds=${1:-5}

. "$project/bin/find-jdk.sh"
if ! find_jdk; then
  no_jdk_found
  exit 5
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$project/mvnw" -q -f "$project/pom.xml" test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" >&2
classpath=$project/target/test-classes:$project/target/classes:$(cat "$work/classpath")

awk -v cpus="$(nproc 2>/dev/null || echo '?')" '{ printf "load %s on %s processors\n", $1, cpus }' /proc/loadavg 2>/dev/null || uptime
"$jdk_home/bin/java" --enable-native-access=ALL-UNNAMED -Xmx512m -cp "$classpath" \
  dev.agentrunner.bench.StoreLoad "$work" "$seconds"
"$jdk_home/bin/java" --enable-native-access=ALL-UNNAMED -Xmx512m -cp "$classpath" \
  dev.agentrunner.bench.Takeover "sqlite:$work/takeover.db" 5
