#!/bin/sh
# jobs.sh [N]: what several tasks at once are worth: 20 tasks with a hook of 0.2 s before the agent, or after it, one after the
# other and with --jobs 4, each in a git worktree. Prints medians of N (3) runs, and how many times as fast the second is. A hook
# after the agent judges most tasks twice with --jobs, the second time one task after the other.
set -eu
. "$(dirname "$0")/common.sh"

runs=${1:-3}
command -v git >/dev/null || {
  echo "jobs: LEFT OUT, as there is no git here"
  exit 0
}
compile_classes
start_fake

# Makes a repository of a project whose $1 hooks take their time.
make_repository() {
  rm -rf run
  make_project run 20
  cd run
  sed -i "s/^hooks: .*/hooks: {slow: \"sleep 0.2\"}/" .agent-runner/config.yml
  sed -i "s/^defaults: .*/defaults: {$1: [slow]}/" tasks.yml
  echo .agent-runner >.gitignore
  git init -q
  git add -A
  git -c user.name=Bench -c user.email=bench@example.org commit -q -m first
}

i=0
while [ "$i" -lt "$runs" ]; do
  for hooks in pre_hooks post_hooks; do
    for jobs in 1 4; do
      make_repository "$hooks"
      measure "$work/$hooks-$jobs" "$project/agent-runner" run --jobs "$jobs" -o quiet
      cd ..
    done
  done
  i=$((i + 1))
done

for hooks in pre_hooks post_hooks; do
  echo "$hooks $(median "$hooks-1") $(median "$hooks-4")" | awk -v load="$(load)" -v runs="$runs" '{
    printf "20 tasks, %-10s of 0.2 s: %.0f ms with 1 job, %.0f ms with 4, %.1f times as fast   (median of %d; %s)\n",
      $1, $2, $3, $2 / $3, runs, load
  }'
done
