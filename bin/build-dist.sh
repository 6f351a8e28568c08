#!/bin/sh
# Makes what the launcher starts, in target/dist: a small jar with our own classes and beside it the large one that has the
# libraries, their class-data archives, the folder of the JDK they are for, and a stamp that is as old as the sources they
# were made from. Does nothing if all of that is there and new enough. Any number may be started at once: one works, the
# others wait for it.
set -u

project=$(cd "$(dirname "$0")/.." && pwd -P) || exit 5
target=$project/target
dist=$target/dist
lock=$target/dist.lock

say() {
  echo "agent-runner: $*" >&2
}

. "$project/bin/find-jdk.sh"
if ! find_jdk; then
  no_jdk_found
  exit 5
fi

# Is there a stamp at $1, and nothing in the sources newer than it?
as_new_as_sources() {
  [ -f "$1" ] && [ -z "$(find "$project/src/main" "$project/pom.xml" -newer "$1" -print -quit)" ]
}

done_already() {
  [ -f "$dist/agent-runner.jar" ] && as_new_as_sources "$dist/stamp" && IFS= read -r made_with <"$dist/jdk" \
    && [ -x "$made_with/bin/java" ]
}

# The lock is a link that points to the number of the process that holds it: there as a whole or not at all.
mkdir -p "$target" || exit 5
waited=0
until ln -s $$ "$lock" 2>/dev/null; do
  if [ ! -w "$target" ]; then
    say "cannot write to $target"
    exit 5
  fi
  holder=$(readlink "$lock") || continue
  if ! kill -0 "$holder" 2>/dev/null; then
    # Its holder was killed. One process at a time looks again and removes it, lest it be the next holder's by now.
    if mkdir "$lock.broken" 2>/dev/null; then
      if [ "$(readlink "$lock")" = "$holder" ]; then
        rm -f "$lock"
      fi
      rmdir "$lock.broken"
    fi
  elif [ "$waited" -eq 0 ]; then
    say "waiting for another start to finish building (process $holder) …"
  fi
  if [ "$waited" -ge 600 ]; then
    say "process $holder still holds $lock; remove that if nothing is being built"
    exit 5
  fi
  waited=$((waited + 1))
  sleep 1
done
trap 'rm -f "$lock"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

if done_already; then
  exit 0
fi
mkdir -p "$dist" || exit 5

# Jars that Maven made before, for instance in verify, are as good. Their own times tell nothing: Maven leaves a jar alone
# that would come out the same.
made_by_maven() {
  as_new_as_sources "$target/jars-made" && IFS= read -r name <"$target/jars-made" \
    && [ -f "$target/$name.jar" ] && [ -f "$target/$name-all.jar" ]
}

if ! made_by_maven; then
  if [ -f "$dist/agent-runner.jar" ]; then
    say "building (sources have changed) …"
  else
    say "building (first start, about a minute) …"
  fi
  if ! JAVA_HOME=$jdk_home "$project/mvnw" -q -B -f "$project/pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true \
      package >"$dist/build.log" 2>&1; then
    say "the build failed; the end of $dist/build.log:"
    tail -n 20 "$dist/build.log" >&2
    exit 5
  fi
  IFS= read -r name <"$target/jars-made" || exit 5
fi

# The stamp goes first and comes last: whoever is cut off in between starts over.
rm -f "$dist/stamp" "$dist"/*.jsa "$dist"/*-all.jar
cp "$target/$name-all.jar" "$dist/" && cp "$target/$name.jar" "$dist/agent-runner.jar.new" \
  && mv "$dist/agent-runner.jar.new" "$dist/agent-runner.jar" || exit 5
for kind in look run serve; do
  "$project/bin/make-archive.sh" "$jdk_home" "$dist/agent-runner.jar" "$dist/$kind.jsa" "$project/bin/archive.d/$kind" \
    >>"$dist/build.log" 2>&1 || say "no class-data archive could be made, so starts take longer; see $dist/build.log"
done
printf '%s\n' "$jdk_home" >"$dist/jdk.new" && mv "$dist/jdk.new" "$dist/jdk" || exit 5
touch -r "$target/jars-made" "$dist/stamp.new" && mv "$dist/stamp.new" "$dist/stamp" || exit 5
