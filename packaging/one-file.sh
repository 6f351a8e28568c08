#!/bin/sh
# agent-runner in one file: this script, and behind it a folder, packed. At the first start the folder is unpacked below the
# user's cache, under a name made of the digest of what is packed; later starts find it there. Any number may be the first:
# each unpacks for itself, and one of them puts its folder in place.
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/agent-runner
place=$cache/@DIGEST@
if [ ! -x "$place/bin/agent-runner" ]; then
  mkdir -p "$cache" && temp=$(mktemp -d "$cache/.unpack.XXXXXX") || {
    echo "agent-runner: cannot unpack itself into $cache; name another folder by XDG_CACHE_HOME" >&2
    exit 5
  }
  trap 'rm -rf "$temp"' EXIT
  trap 'exit 130' HUP INT TERM
  tail -n +@LINES@ "$0" | tar -xzf - -C "$temp" && mv -T "$temp/@NAME@" "$place" 2>/dev/null
  if [ ! -x "$place/bin/agent-runner" ]; then
    echo "agent-runner: cannot unpack itself into $cache; name another folder by XDG_CACHE_HOME" >&2
    exit 5
  fi
  rm -rf "$temp"
  trap - EXIT HUP INT TERM
fi
exec "$place/bin/agent-runner" "$@"
