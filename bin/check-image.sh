#!/bin/sh
# Tries what bin/build-image.sh has made, without a daemon: unpacks it, starts its command in it as its user, and asks whether it
# is ready. Needs skopeo, umoci, bwrap and root.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd -P)
set -- "$project"/target/dist/agent-runner-*.oci.tar
work=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-check.XXXXXX")
server=
clean_up() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || :
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

skopeo copy -q "oci-archive:$1:agent-runner" "oci:$work/image:agent-runner"
config=$(skopeo inspect --config "oci:$work/image:agent-runner")
for word in 8484/tcp 10001:10001 /data SIGTERM; do
  echo "$config" | grep -qF "$word" || { echo "check-image: no $word in it" >&2 && exit 1; }
done
echo "ok  skopeo takes it"
umoci unpack --image "$work/image:agent-runner" "$work/unpacked" >/dev/null
root=$work/unpacked/rootfs

# As its user, with nothing of this machine but the network.
chmod 755 "$work" "$work/unpacked"
inside() {
  env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/data LC_ALL=C.UTF-8 \
    setpriv --reuid 10001 --regid 10001 --clear-groups \
    bwrap --bind "$root" / --proc /proc --dev /dev --chdir /data --die-with-parent "$@"
}
inside git --version
inside bwrap --version
if inside agent-runner serve --host 0.0.0.0 --port 18484 --db sqlite:/data/server.db >"$work/refused" 2>&1; then
  echo "check-image: it listened without a key" >&2 && exit 1
fi
echo "ok  without a key it refuses: $(head -n 1 "$work/refused")"
inside agent-runner keys create first --scope admin --db sqlite:/data/server.db >/dev/null
inside agent-runner serve --host 0.0.0.0 --port 18484 --db sqlite:/data/server.db >"$work/log" 2>&1 &
server=$!
waited=0
until curl -fs http://127.0.0.1:18484/readyz; do
  waited=$((waited + 1))
  [ "$waited" -lt 300 ] && kill -0 "$server" || { cat "$work/log" >&2 && exit 1; }
  sleep 0.1
done
echo "
ok  /readyz answers"
[ "$(stat -c %u "$root/data/server.db")" = 10001 ] || { echo "check-image: not its own user" >&2 && exit 1; }
kill "$server"
wait "$server" || echo "ok  ended with $?"
server=
