#!/bin/sh
# micro.sh [--keep]: what the program does most often, measured by JMH: the fold of events, the next step, a stream, an edit.
#
# Each figure is a multiple of a piece of work that never changes (a SHA-256 of 64 KiB), measured in the same run, and is set
# beside the one in bench/jmh/baseline.tsv. With AGENT_RUNNER_BENCH_MAX set, such as to 1.5, fails if any is that many times
# what it was. --keep takes the figures of this run as the baseline. Takes about a minute.
set -eu
. "$(dirname "$0")/common.sh"

baseline=$project/bench/jmh/baseline.tsv
libs=$project/target/jmh
if ! ls "$libs"/jmh-core-*.jar >/dev/null 2>&1; then
  JAVA_HOME=$jdk "$project/mvnw" -q -B -ntp -f "$project/pom.xml" -Pjmh dependency:copy@jmh
fi
mkdir classes
"$jdk/bin/javac" -nowarn -d classes -cp "$plain:$libs/*" -implicit:class \
  -processorpath "$(echo "$libs"/*.jar | tr ' ' :)" -processor org.openjdk.jmh.generators.BenchmarkProcessor \
  -sourcepath "$project/bench/jmh:$project/src/test/java" "$project"/bench/jmh/dev/agentrunner/bench/*.java
"$jdk/bin/java" --sun-misc-unsafe-memory-access=allow -cp "classes:$plain:$libs/*" org.openjdk.jmh.Main \
  -jvmArgs "--sun-misc-unsafe-memory-access=allow" -f 1 -wi 3 -w 1s -i 5 -r 1s -foe true -rf csv -rff "$work/figures.csv" \
  >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2 && exit 1; }

awk -F, '!/^"Benchmark"/ { gsub(/"/, ""); sub(/.*\./, "", $1); print $1 "\t" $5 }' figures.csv >figures
awk -F'\t' '
  $1 == "reference" { unit = $2 }
  { at[$1] = $2 }
  END { for (name in at) if (name != "reference") printf "%s\t%.5f\n", name, at[name] / unit }' figures | sort >ratios
if [ "${1:-}" = --keep ]; then
  { echo "# Multiples of the reference, kept by bench/micro.sh --keep." && cat ratios; } >"$baseline"
fi
printf '%-24s %12s %12s %8s   (multiples of %s µs; %s)\n' benchmark now kept change \
  "$(awk '$1 == "reference" { print $2 }' figures)" "$(load)"
awk -F'\t' -v max="${AGENT_RUNNER_BENCH_MAX:-}" '
  NR == FNR { kept[$1] = $2; next }
  {
    change = $1 in kept && kept[$1] > 0 ? $2 / kept[$1] : 0
    printf "%-24s %12.4f %12s %8s\n", $1, $2, $1 in kept ? sprintf("%.4f", kept[$1]) : "-", change ? sprintf("%.2f", change) : "-"
    if (max != "" && change > max) above = 1
  }
  END { exit above }' "$baseline" ratios || {
  echo "micro: above ${AGENT_RUNNER_BENCH_MAX} times what was kept" >&2
  exit 1
}
