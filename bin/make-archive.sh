#!/bin/sh
# make-archive.sh JDK JAR ARCHIVE: makes a class-data archive (static AppCDS) of what short commands load.
#
# It is trained on the commands in bin/archive-commands, on nothing more: every class in it costs a little at each start.
# A command that fails has trained, too. Not an AOT cache: those of JDK 25 before 25.0.4 do not notice a changed jar.
set -u

jdk=$1
jar=$2
archive=$3
commands=$(cd "$(dirname "$0")" && pwd -P)/archive-commands

work=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-archive.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
mkdir "$work/cwd" "$work/home"

# A command that hangs must not hang the build.
limit=
if command -v timeout >/dev/null; then
  limit='timeout 60'
fi

# The example is a project to train on; nothing in it needs a key or a network.
cp -R "$(dirname "$commands")/../examples/quickstart" "$work/cwd/quickstart" || exit 1

count=0
cd "$work/cwd" || exit 1
while read -r arguments; do
  case $arguments in
    '' | '#'*) continue ;;
  esac
  count=$((count + 1))
  # shellcheck disable=SC2086 # split into words on purpose
  HOME=$work/home LC_ALL=C.UTF-8 ANTHROPIC_API_KEY=none $limit "$jdk/bin/java" -Xshare:auto -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -Xlog:disable -XX:DumpLoadedClassList="$work/$count.lst" -Duser.home="$work/home" -jar "$jar" $arguments \
    </dev/null >"$work/out" 2>&1 || echo "training: '$arguments' ended with $?"
done <"$commands"

# The numbers that a list gives its classes mean something in that list alone. Classes with a source are of other loaders,
# which a short command has no use for.
cat "$work"/*.lst | awk '/ source: / { next } { sub(/ id: [0-9]+$/, "") } !seen[$0]++' >"$work/classes" || exit 1
"$jdk/bin/java" -Xshare:dump -XX:+UseSerialGC -XX:SharedClassListFile="$work/classes" \
  -XX:SharedArchiveFile="$work/archive.jsa" -Xlog:disable -Xlog:all=error:stderr -cp "$jar" || exit 1
# Onto the same disk first, then into place in one move.
cp "$work/archive.jsa" "$archive.new" && mv "$archive.new" "$archive"
