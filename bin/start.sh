# Starts the program. Sourced, as the last thing, by the launcher of the source tree and by that of a distribution; POSIX sh.
# Wants $java, the JVM to start, and $lib, the folder with the jars and their class-data archives.

# The JVM takes the encoding of file names and arguments from the locale alone; in C, or in a locale that is not
# installed, "café" is an error. What was there before is kept for the user's own commands.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  C.UTF-8 | C.utf8) utf8=UTF-8 ;;
  *[Uu][Tt][Ff]*8*) utf8=$(locale charmap 2>/dev/null) ;;
  *) utf8= ;;
esac
if [ "$utf8" != UTF-8 ]; then
  export AGENT_RUNNER_ORIG_LC_ALL="${LC_ALL:-}"
  export LC_ALL=C.UTF-8
fi

# Commands that only look have an archive of their own: see bin/archive.d.
case ${1:-} in
  '' | -* | status | log | explain) archive=$lib/look.jsa ;;
  serve | worker) archive=$lib/serve.jsa ;;
  *) archive=$lib/run.jsa ;;
esac
command=${1:-}

# Not by -jar, which reads the whole table of the jar before anything else. That takes the place of its manifest:
# --enable-native-access. -Xlog: what the JVM has to say goes to stderr, not to stdout; that an archive does not fit is nobody's
# business, as all works without. UserThreadWaitAttemptsAtExit: no wait of 300 ms at the end for a thread that still reads from
# a socket or from stdin.
set -- --enable-native-access=ALL-UNNAMED -cp "$lib/agent-runner.jar" dev.agentrunner.Main "$@"
case $command in
  # Lives long, so it gets the compiler and the collector that pay off later.
  serve | worker) ;;
  # A small nursery keeps the process small: without a bound it grows to hundreds of megabytes before it is first tidied.
  *) set -- -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmn16m "$@" ;;
esac
if [ -f "$archive" ]; then
  set -- -XX:SharedArchiveFile="$archive" "$@"
fi
exec "$java" -Xshare:auto -Xlog:disable '-Xlog:all=error,cds*=off,aot*=off:stderr' -XX:-UsePerfData \
  -XX:UserThreadWaitAttemptsAtExit=0 "$@"
