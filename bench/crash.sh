#!/bin/sh
# Kills the program at random instants, at calls, with a full disk and worse, and checks what is left. After ./mvnw verify:
#   bench/crash.sh [--kills N] [--seed S] [--parts random,order,faults,calls]
set -eu
cd "$(dirname "$0")/.."
./agent-runner --version >/dev/null
IFS= read -r jdk <target/dist/jdk
exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED \
  -cp "target/test-classes:target/classes:$(echo target/agent-runner-*-all.jar)" dev.agentrunner.crash.CrashHarness "$@"
