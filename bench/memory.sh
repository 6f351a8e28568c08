#!/bin/sh
# memory.sh [N]: whether memory and time stay flat over N (2000) tasks. Prints for each tenth of them what is in use at its
# end, and what a task of it took: by the clock, and of a processor, which other work on the machine does not change.
set -eu
. "$(dirname "$0")/common.sh"

tasks=${1:-2000}
if [ ! -r /proc/self/status ]; then
  echo "memory: LEFT OUT, as there is no /proc here"
  exit 0
fi
compile_classes
start_fake
make_project run "$tasks"
cd run
start=$(now)
"$project/agent-runner" run -o quiet >"$work/done" 2>"$work/said" </dev/null &
runner=$!
ticks=$(getconf CLK_TCK)
while kill -0 "$runner" 2>/dev/null; do
  resident=$(awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$runner/status" 2>/dev/null) || :
  # Behind the name of the program, which may have blanks in it, user and system time are the 12th and 13th.
  used=$(sed 's/.*) //' "/proc/$runner/stat" 2>/dev/null | awk -v ticks="$ticks" '{ print ($12 + $13) * 1000 / ticks }') || :
  [ -z "$resident" ] || [ -z "$used" ] || echo "$(wc -l <"$work/done") $resident $(now) $used" >>"$work/memory"
  sleep 0.2
done
end=$(now)
wait "$runner" || echo "memory: the run ended with $?"

printf '%-16s %12s %16s %20s   (%s)\n' 'tasks done' 'in use, MB' 'ms of each' 'processor ms of each' "$(load)"
awk -v tasks="$tasks" -v start="$start" '
  BEGIN { time = start }
  {
    if ($2 > most) most = $2
    while (part < 10 && $1 >= tasks * (part + 1) / 10) {
      part++
      if ($1 > done) printf "%-16d %12.0f %16.1f %20.1f\n", $1, $2, ($3 - time) / ($1 - done), ($4 - used) / ($1 - done)
      done = $1; time = $3; used = $4
    }
  }
  END { printf "%-16s %12.0f\n", "most", most }' "$work/memory"
echo "$start $end $tasks" | awk '{ printf "%d tasks took %.1f s, %.1f ms each\n", $3, ($2 - $1) / 1000, ($2 - $1) / $3 }'
