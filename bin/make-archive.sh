#!/bin/sh
# make-archive.sh JAVA JAR ARCHIVE COMMANDS [JDK]: makes a class-data archive (static AppCDS) of what some commands load.
#
# It is trained on the commands in the file COMMANDS, a line each, on nothing more: every class in it costs a little at each
# start, as all are linked at once. A command that fails has trained, too. One behind "+ " is run and not trained on, one behind
# "@ " is given in the project. Not an AOT cache: those of JDK 25 before 25.0.4 do not notice a changed jar. JAVA is the runtime
# that it is for, and JDK one that compiles, if that is not the same. The JVM takes an archive only if it is started with the
# same jar and modules: see the launcher.
set -u

jdk=$1
jar=$2
archive=$3
tools=${5:-$jdk}
commands=$(cd "$(dirname "$4")" && pwd -P)/${4##*/}
project=$(cd "$(dirname "$0")/.." && pwd -P)

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
cp -R "$project/examples/quickstart" "$work/cwd/quickstart" || exit 1

# Where no such server can be had, the training is that of a connection refused.
"$tools/bin/java" -XX:TieredStopAtLevel=1 "$project/bin/StreamedReply.java" "$work/port" >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
port=9
if grep -q PORT "$commands"; then
  waited=0
  until [ -s "$work/port" ] || [ "$waited" -ge 100 ]; do
    waited=$((waited + 1))
    sleep 0.1
  done
  [ ! -s "$work/port" ] || IFS= read -r port <"$work/port"
fi

# As the launcher has it: an archive made with other modules open is refused.
access=--enable-native-access=ALL-UNNAMED
train() {
  # shellcheck disable=SC2086 # split into words on purpose
  $1 env HOME="$work/home" LC_ALL=C.UTF-8 ANTHROPIC_API_KEY=none $limit "$jdk/bin/java" -Xshare:auto -XX:+UseSerialGC \
    -XX:TieredStopAtLevel=1 -Xlog:disable ${trained:+"-XX:DumpLoadedClassList=$work/$count.lst"} \
    -Duser.home="$work/home" "$access" -cp "$jar" dev.agentrunner.Main \
    $(echo "$arguments" | sed "s/PORT/$port/") </dev/null >"$work/out" 2>&1
}

# A server does not end by itself.
train_server() {
  # In place of the shell, so that it is the server that is told to end.
  train exec &
  served=$!
  waited=0
  until grep -q '^Listening on' "$work/out" 2>/dev/null || ! kill -0 "$served" || [ "$waited" -ge 300 ]; do
    waited=$((waited + 1))
    sleep 0.1
  done
  address=$(sed -n 's/^Listening on //p' "$work/out")
  "$tools/bin/java" -XX:TieredStopAtLevel=1 "$project/bin/ServedTour.java" "$address" "$work/cwd/quickstart/tasks.yml" \
    || echo "training: the server was not asked for all"
  kill "$served" 2>/dev/null
  wait "$served"
}

count=0
cd "$work/cwd" || exit 1
while read -r arguments; do
  trained=yes
  case $arguments in
    '' | '#'*) continue ;;
    '+ '*) trained= arguments=${arguments#+ } ;;
  esac
  # Most are given in their project, where it is found otherwise than by -C.
  folder=.
  case $arguments in
    '@ '*) folder=quickstart arguments=${arguments#@ } ;;
  esac
  count=$((count + 1))
  case $arguments in
    serve*) train_server ;;
    *) (cd "$folder" && train "") || echo "training: '$arguments' ended with $?" ;;
  esac
done <"$commands"

# The numbers that a list gives its classes mean something in that list alone. Classes with a source are of other loaders,
# which a short command has no use for.
cat "$work"/*.lst | awk '/ source: / { next } { sub(/ id: [0-9]+$/, "") } !seen[$0]++' >"$work/classes" || exit 1
"$jdk/bin/java" -Xshare:dump -XX:+UseSerialGC -XX:+AOTClassLinking "$access" -XX:SharedClassListFile="$work/classes" \
  -XX:SharedArchiveFile="$work/archive.jsa" -Xlog:disable -Xlog:all=error:stderr -cp "$jar" || exit 1
# Onto the same disk first, then into place in one move.
cp "$work/archive.jsa" "$archive.new" && mv "$archive.new" "$archive"
