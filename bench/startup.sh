#!/bin/sh
# startup.sh [N]: how long short commands take through the launcher, against plain "java -jar" of the same build.
#
# The two take turns, so that a busy moment of the machine hits both. Prints the median of N (31) runs of each, and their
# ratio. With AGENT_RUNNER_BENCH_MAX set, such as to 0.75, fails if any ratio is above it.
set -eu

runs=${1:-31}
project=$(cd "$(dirname "$0")/.." && pwd -P)
dist=$project/target/dist

"$project/bin/build-dist.sh"
IFS= read -r jdk <"$dist/jdk"
plain=$(echo "$dist"/agent-runner-*-all.jar)

# Milliseconds with a fraction where date knows nanoseconds, which is everywhere but on BSDs.
now() {
  case $(date +%N) in
    *[!0-9]*) date +%s000 ;;
    *) date +%s.%N | awk '{ printf "%.3f\n", ($1 % 1000000) * 1000 }' ;;
  esac
}

work=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

# Adds to the file $1 how long the rest of the arguments take.
measure() {
  into=$1
  shift
  start=$(now)
  "$@" </dev/null >/dev/null 2>&1 || :
  end=$(now)
  echo "$start $end" | awk '{ print $2 - $1 }' >>"$into"
}

median() {
  sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

printf '%-16s %12s %12s %8s   (median of %s, ms)\n' command 'java -jar' agent-runner ratio "$runs"
for command in --version --help; do
  rm -f plain launcher
  i=0
  while [ "$i" -lt "$runs" ]; do
    measure plain "$jdk/bin/java" -jar "$plain" "$command"
    measure launcher "$project/agent-runner" "$command"
    i=$((i + 1))
  done
  echo "$command $(median plain) $(median launcher)" | awk -v max="${AGENT_RUNNER_BENCH_MAX:-}" '{
    printf "%-16s %12.1f %12.1f %8.2f\n", $1, $2, $3, $3 / $2
    exit max != "" && $3 / $2 > max
  }' || above=yes
done
if [ "${above:-}" ]; then
  echo "startup: above the ratio of $AGENT_RUNNER_BENCH_MAX that is allowed" >&2
  exit 1
fi
