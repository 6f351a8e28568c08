#!/bin/sh
# memory.sh [N]: whether memory stays flat over N (2000) tasks. Prints what is in use after a tenth of them, half, and all.
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
"$project/agent-runner" run -o quiet >"$work/done" </dev/null &
runner=$!
while kill -0 "$runner" 2>/dev/null; do
  resident=$(awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$runner/status" 2>/dev/null) || :
  [ -z "$resident" ] || echo "$(wc -l <"$work/done") $resident" >>"$work/memory"
  sleep 0.2
done
end=$(now)
wait "$runner" || echo "memory: the run ended with $?"

printf '%-16s %12s   (%s)\n' 'tasks done' 'in use, MB' "$(load)"
awk -v tasks="$tasks" '
  { for (part = 1; part <= 10; part++) if ($1 >= tasks * part / 10 && !(part in at)) at[part] = $2; if ($2 > most) most = $2 }
  END {
    if (1 in at) printf "%-16d %12.0f\n", tasks / 10, at[1]
    if (5 in at) printf "%-16d %12.0f\n", tasks / 2, at[5]
    printf "%-16d %12.0f\n%-16s %12.0f\n", tasks, $2, "most", most
  }' "$work/memory"
echo "$start $end $tasks" | awk '{ printf "%d tasks took %.1f s, %.1f ms each\n", $3, ($2 - $1) / 1000, ($2 - $1) / $3 }'
