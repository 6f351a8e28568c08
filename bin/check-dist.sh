#!/bin/sh
# Tries what bin/make-dist.sh has made, each thing as people would: in a place of its own, with a home of its own, and without
# any Java on the path. Takes no arguments; under two minutes.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd -P)
dist=$project/target/dist
work=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-check.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
mkdir "$work/home" "$work/path"

# All that the system has, but for Java.
for folder in /usr/bin /bin; do
  find "$folder" -maxdepth 1 ! -type d ! -name 'java*' ! -name 'j[a-z]*' -exec ln -sf -t "$work/path" {} +
done

fail() {
  echo "check-dist: $*" >&2
  exit 1
}

bare() {
  env -i HOME="$work/home" PATH="$work/path" "$@"
}

# Is $1 the program, of version $version, and does it do the first example?
try() {
  told=$(cd "$work" && bare "$1" --version) || fail "$1 --version ended with $?"
  [ "$told" = "agent-runner $version" ] || fail "$1 --version printed: $told"
  bare "$1" --help | grep -q '^Usage: agent-runner ' || fail "$1 --help prints no usage"
  rm -rf "$work/an example" && cp -R "$project/examples/quickstart" "$work/an example"
  rm -rf "$work/an example/work" "$work/an example/.agent-runner"/runs "$work/an example/.agent-runner"/[ls]*
  (cd "$work" && bare "$1" run "an example/tasks.yml" >"$work/out" 2>&1) || fail "$1 run ended with $?: $(cat "$work/out")"
  (cd "$work" && bare "$1" status -C "an example" | grep -q '^status  completed') || fail "$1: the example is not completed"
  echo "ok  $2"
}

set -- "$dist"/agent-runner-*.tar.gz
[ -f "$1" ] || fail "nothing there; make it with: bin/make-dist.sh"
IFS= read -r built <"$project/target/jars-made"
version=${built#agent-runner-}
name=$(basename "$1" .tar.gz)

(cd "$dist" && sha256sum -c --quiet SHA256SUMS) || fail "SHA256SUMS does not fit"
echo "ok  SHA256SUMS"

tar -xzf "$dist/$name.tar.gz" -C "$work"
try "$work/$name/bin/agent-runner" "$name.tar.gz"
ln -s "$work/$name/bin/agent-runner" "$work/a link"
[ "$(bare "$work/a link" --version)" = "agent-runner $version" ] || fail "not found through a link"
# An archive that is not taken only shows in the time, so it is asked for.
bare "$work/$name/runtime/bin/java" -XX:SharedArchiveFile="$work/$name/lib/look.jsa" -Xshare:on -XX:+UseSerialGC \
  --enable-native-access=ALL-UNNAMED -cp "$work/$name/lib/agent-runner.jar" dev.agentrunner.Main --version >/dev/null \
  || fail "the class-data archive does not fit after unpacking"
echo "ok  its class-data archive"
[ -s "$work/$name/THIRD-PARTY.txt" ] && grep -q okhttp "$work/$name/THIRD-PARTY.txt" || fail "no licences of libraries"
sh -n "$work/$name/share/bash-completion/completions/agent-runner" 2>/dev/null \
  || bash -n "$work/$name/share/bash-completion/completions/agent-runner" || fail "the completion for bash is no script"
echo "ok  licences, completions"

cp "$dist/$name.run" "$work/one-file"
# Four at once for the first time.
for each in 1 2 3 4; do
  (bare "$work/one-file" --version >"$work/first.$each" 2>&1 || :) &
done
wait
for each in 1 2 3 4; do
  [ "$(cat "$work/first.$each")" = "agent-runner $version" ] || fail "first start $each: $(cat "$work/first.$each")"
done
[ "$(ls -A "$work/home/.cache/agent-runner" | wc -l)" -eq 1 ] || fail "the first starts left: $(ls -A "$work/home/.cache/agent-runner")"
try "$work/one-file" "$name.run"

deb=$(ls "$dist"/agent-runner_*.deb 2>/dev/null || :)
if [ -n "$deb" ] && command -v dpkg-deb >/dev/null; then
  dpkg-deb --info "$deb" >/dev/null || fail "$deb is no package"
  mkdir "$work/root"
  if [ "$(id -u)" = 0 ] && mkdir -p "$work/root/var/lib/dpkg/updates" "$work/root/var/lib/dpkg/info" \
      && : >"$work/root/var/lib/dpkg/status" && : >"$work/root/var/lib/dpkg/available"; then
    dpkg --root="$work/root" --force-depends --install "$deb" >"$work/dpkg.log" 2>&1 || fail "dpkg: $(cat "$work/dpkg.log")"
    try "$work/root/usr/bin/agent-runner" "$(basename "$deb"), installed"
    dpkg --root="$work/root" --force-depends --purge agent-runner >>"$work/dpkg.log" 2>&1 || fail "dpkg: $(cat "$work/dpkg.log")"
    [ ! -e "$work/root/usr/lib/agent-runner" ] && [ ! -L "$work/root/usr/bin/agent-runner" ] || fail "dpkg left something behind"
    echo "ok  removed again"
  else
    dpkg-deb -x "$deb" "$work/root"
    try "$work/root/usr/bin/agent-runner" "$(basename "$deb"), unpacked"
  fi
  if command -v lintian >/dev/null; then
    lintian "$deb" || :
  fi
fi
