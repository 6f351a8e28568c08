#!/bin/sh
# tasks.sh [N]: what tasks cost beyond what the model and the hooks take. Each has a hook before, two streamed replies with
# one file written in between, and a hook after; the provider is a fake one on the loopback.
#
# Prints medians of N (5) runs of 20 and of 40 tasks, what one more task costs, and the most memory used; beside them the
# same for a bare loop that asks, writes and runs the hooks, and nothing else.
set -eu
. "$(dirname "$0")/common.sh"

runs=${1:-5}
compile_classes
start_fake

# Runs $2 tasks with the program and adds the time to the file $1, the most memory in MB to the file $1.memory.
measure_run() {
  rm -rf run
  make_project run "$2"
  cd run
  start=$(now)
  if /usr/bin/time -f %M true >/dev/null 2>&1; then
    /usr/bin/time -f %M -o "$work/peak" "$project/agent-runner" run -o quiet >/dev/null </dev/null
    end=$(now)
  else
    "$project/agent-runner" run -o quiet >/dev/null </dev/null &
    runner=$!
    # Asked while it lasts, as nobody tells afterwards.
    while kill -0 "$runner" 2>/dev/null; do
      awk '/^VmHWM/ { print $2 }' "/proc/$runner/status" 2>/dev/null >"$work/peak.new" || :
      [ ! -s "$work/peak.new" ] || mv "$work/peak.new" "$work/peak"
      sleep 0.05
    done
    end=$(now)
    wait "$runner"
  fi
  cd ..
  [ ! -s peak ] || awk '{ print $1 / 1024 }' peak >>"$1.memory"
  echo "$start $end" | awk '{ print $2 - $1 }' >>"$1"
}

i=0
while [ "$i" -lt "$runs" ]; do
  for tasks in 20 40; do
    measure_run "runner-$tasks" "$tasks"
    rm -rf bare && mkdir bare
    measure "bare-$tasks" java_class dev.agentrunner.bench.BareLoop "$port" "$tasks" bare
  done
  i=$((i + 1))
done

printf '%-16s %12s %12s %16s %10s   (median of %s; %s)\n' tasks '20, ms' '40, ms' 'one more, ms' 'peak, MB' "$runs" "$(load)"
echo "agent-runner $(median runner-20) $(median runner-40) $(median runner-40.memory 2>/dev/null)
bare-loop $(median bare-20) $(median bare-40)" | awk '{
  printf "%-16s %12.0f %12.0f %16.1f %10s\n", $1, $2, $3, ($3 - $2) / 20, $4 == "" ? "" : sprintf("%.0f", $4)
}'

# What the disk alone takes, which no log can do without.
dd if=/dev/zero of=synced bs=4k count=200 oflag=dsync 2>"$work/dd" || :
awk '/copied|transferred/ { for (i = 2; i <= NF; i++) if ($i ~ /^s,?$/) printf "a write of 4 KiB made durable: %.2f ms\n", $(i - 1) * 5 }' "$work/dd"
