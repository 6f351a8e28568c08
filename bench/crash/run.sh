#!/bin/sh
# run.sh [--kills N] [--jobs N] [--every N] [--minutes N] [--seed S] [--parts LIST]: kills the program in the middle of its
# work and looks at what it leaves.
#
# Parts: random (kills at any moment; N of them, 50), order (of system calls), faults (signals, two starts, full and broken
# disks, damaged files, bad hooks, clocks that are set), clock (those alone), calls (a kill at each system call; takes many
# minutes, so --every 12 takes every twelfth only). Without --parts the first three. With --jobs 2, random kills meet two
# tasks at once, in worktrees. --minutes ends random and calls early, as the number of kills then tells. What needs strace,
# or a root who may mount, is said to be left out where it cannot be had. What is found broken is kept in a folder that is
# named; the seed is printed, so that the same kills can be had again.
set -eu
project=$(cd "$(dirname "$0")/../.." && pwd -P)
dist=$project/target/dist
classes=$project/target/crash-classes
tests=$project/src/test/java/dev/agentrunner

"$project/bin/build-dist.sh"
IFS= read -r jdk <"$dist/jdk"
plain=$(echo "$dist"/agent-runner-*-all.jar)

rm -rf "$classes"
"$jdk/bin/javac" -proc:none -nowarn -d "$classes" -cp "$plain" "$tests"/crash/*.java \
  "$tests"/testing/Asked.java "$tests"/testing/FakeProvider.java "$tests"/testing/*Wire.java \
    "$tests"/testing/OpenAiErrors.java "$tests"/testing/Reaction.java "$tests"/testing/Script.java \
    "$tests"/testing/SocketExchange.java "$tests"/testing/Trouble.java
exec "$jdk/bin/java" -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp "$classes:$plain" \
  dev.agentrunner.crash.CrashHarness --program "$project" "$@"
