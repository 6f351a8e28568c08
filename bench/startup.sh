#!/bin/sh
# startup.sh [N]: how long short commands take through the launcher, against plain "java -jar" of the same build.
#
# The two take turns, so that a busy moment of the machine hits both. Prints the median of N (31) runs of each, and their
# ratio, in time and in processor time; below, a shell that does nothing, and other agents' command lines if there are any. With AGENT_RUNNER_BENCH_MAX set, such as to 0.75, fails if any ratio is above it. "status" looks at a finished run
# of twenty tasks.
set -eu
. "$(dirname "$0")/common.sh"

runs=${1:-31}
compile_classes
start_fake
make_project project 20
(cd project && "$project/agent-runner" run -o quiet >/dev/null)
cd project

printf '%-16s %12s %12s %8s %10s %10s %8s   (median of %s, ms; %s)\n' command 'java -jar' agent-runner ratio \
  'its CPU' 'our CPU' ratio "$runs" "$(load)"
for command in --version --help status; do
  rm -f plain* launcher*
  i=0
  while [ "$i" -lt "$runs" ]; do
    measure plain "$jdk/bin/java" -jar "$plain" "$command"
    measure launcher "$project/agent-runner" "$command"
    i=$((i + 1))
  done
  echo "$command $(median plain) $(median launcher) $(median plain.cpu) $(median launcher.cpu)" \
    | awk -v max="${AGENT_RUNNER_BENCH_MAX:-}" '{
    printf "%-16s %12.1f %12.1f %8.2f %10.0f %10.0f %8.2f\n", $1, $2, $3, $3 / $2, $4, $5, $5 / $4
    exit max != "" && $3 / $2 > max
  }' || above=yes
done

# What nothing can be faster than, and what others take who are found on the path.
i=0
while [ "$i" -lt 7 ]; do
  measure shell /bin/sh -c :
  for other in claude codex; do
    command -v "$other" >/dev/null || continue
    measure "$other.version" "$other" --version
    measure "$other.help" "$other" --help
  done
  i=$((i + 1))
done
printf '%-16s %12s %12.1f\n' 'sh -c :' '' "$(median shell)"
for other in claude codex; do
  [ -f "$other.version" ] || continue
  printf '%-16s %12s %12.1f\n%-16s %12s %12.1f\n' "$other --version" '' "$(median "$other.version")" \
    "$other --help" '' "$(median "$other.help")"
done
if [ "${above:-}" ]; then
  echo "startup: above the ratio of $AGENT_RUNNER_BENCH_MAX that is allowed" >&2
  exit 1
fi
