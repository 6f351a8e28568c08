#!/bin/sh
# log.sh [EVENTS]: how long "status" takes on a run with a log of EVENTS (100000), with its state file and without.
set -eu
. "$(dirname "$0")/common.sh"

events=${1:-100000}
compile_classes
make_project long 1
java_class dev.agentrunner.bench.LongLog "$events" long >/dev/null
cd long
size=$(du -k .agent-runner/runs/*/events.jsonl | awk '{ print $1 }')
mv .agent-runner/state.json "$work/state.json"
i=0
while [ "$i" -lt 5 ]; do
  cp "$work/state.json" .agent-runner/state.json
  measure "$work/with" "$project/agent-runner" status
  rm .agent-runner/state.json
  measure "$work/without" "$project/agent-runner" status
  i=$((i + 1))
done
printf 'status on %s events (%s kB): %.0f ms with the state file, %.0f ms from the log alone   (median of 5; %s)\n' \
  "$events" "$size" "$(median "$work/with")" "$(median "$work/without")" "$(load)"
