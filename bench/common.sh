# What the benchmarks share. Sourced by them; POSIX sh and awk, and the JDK that the program was built with.
#
# Afterwards: $project, $jdk, $plain (the jar with everything), $work (the folder we are in, removed at the end).

project=$(cd "$(dirname "$0")/.." && pwd -P)
dist=$project/target/dist

"$project/bin/build-dist.sh"
IFS= read -r jdk <"$dist/jdk"
plain=$(echo "$dist"/agent-runner-*-all.jar)

work=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-bench.XXXXXX")
fake_pid=
clean_up() {
  [ -z "$fake_pid" ] || kill "$fake_pid" 2>/dev/null || :
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"

# Nobody's own settings or keys have a part in this.
export HOME="$work/home" BENCH_KEY=bench
mkdir -p "$HOME"

# Milliseconds with a fraction where date knows nanoseconds, which is everywhere but on BSDs.
now() {
  case $(date +%N) in
    *[!0-9]*) date +%s000 ;;
    *) date +%s.%N | awk '{ printf "%.3f\n", ($1 % 1000000) * 1000 }' ;;
  esac
}

# How busy the machine is: figures mean little where this is not well below the number of processors.
load() {
  if [ -r /proc/loadavg ]; then
    awk -v cpus="$(nproc 2>/dev/null || echo '?')" '{ printf "load %s on %s processors\n", $1, cpus }' /proc/loadavg
  else
    uptime | sed 's/.*load average/load/'
  fi
}

# Adds to the file $1 how many milliseconds the rest of the arguments take, and to $1.cpu how many of a processor: the steadier
# figure where others are at work, too.
measure() {
  into=$1
  shift
  start=$(now)
  times >"$work/times.clock"
  "$@" </dev/null >/dev/null 2>&1 || :
  times >"$work/times.after"
  end=$(now)
  echo "$start $end" | awk '{ print $2 - $1 }' >>"$into"
  # The second line is that of the children: user and system, as in 0m0.120s 0m0.030s.
  awk 'FNR == 2 {
    for (i = 1; i <= 2; i++) { split($i, part, /[ms]/); spent[FILENAME] += part[1] * 60000 + part[2] * 1000 }
    last = FILENAME; if (first == "") first = FILENAME
  } END { print spent[last] - spent[first] }' "$work/times.clock" "$work/times.after" >>"$into.cpu"
}

median() {
  sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# Compiles the few test classes that are needed here; Maven would take longer than what is measured.
compile_classes() {
  tests=$project/src/test/java/dev/agentrunner
  "$jdk/bin/javac" -proc:none -nowarn -d "$work/classes" -cp "$plain" "$tests"/bench/BareLoop.java "$tests"/bench/LongLog.java \
    "$tests"/testing/Asked.java "$tests"/testing/FakeProvider.java "$tests"/testing/*Wire.java \
    "$tests"/testing/OpenAiErrors.java "$tests"/testing/Reaction.java "$tests"/testing/Script.java \
    "$tests"/testing/SocketExchange.java "$tests"/testing/Trouble.java
}

# Runs a class of those.
java_class() {
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$work/classes:$plain" "$@"
}

# Starts the fake provider; sets $port.
start_fake() {
  # Not by java_class: what is ended later must be the JVM, not a shell around it.
  "$jdk/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$work/classes:$plain" \
    dev.agentrunner.testing.FakeProvider --script files --port-file "$work/port" --minutes 60 >/dev/null &
  fake_pid=$!
  waited=0
  until [ -s "$work/port" ]; do
    waited=$((waited + 1))
    if [ "$waited" -gt 300 ]; then
      echo "the fake provider does not start" >&2
      exit 1
    fi
    sleep 0.1
  done
  IFS= read -r port <"$work/port"
}

# Makes in folder $1 a project with $2 tasks, each with a hook before and after.
make_project() {
  mkdir -p "$1/.agent-runner"
  cat >"$1/.agent-runner/config.yml" <<EOF
provider: claude
model: claude-test
providers:
  claude: {base_url: "http://127.0.0.1:${port:-9}", api_key_env: BENCH_KEY}
hooks: {ok: "true"}
EOF
  awk -v tasks="$2" 'BEGIN {
    print "version: 1\ndefaults: {pre_hooks: [ok], post_hooks: [ok]}\ntasks:"
    for (i = 1; i <= tasks; i++) printf "  - {id: T%d, title: T%d writes a file}\n", i, i
  }' >"$1/tasks.yml"
}
