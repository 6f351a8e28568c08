#!/bin/sh
# make-deb.sh FOLDER VERSION EPOCH: packs the folder of a distribution as .deb, beside it. Needs dpkg-deb, or else ar and tar.
set -eu

folder=$1
version=$2
epoch=$3
project=$(cd "$(dirname "$0")/.." && pwd -P)
dist=$(dirname "$folder")

case $(uname -m) in
  x86_64) machine=amd64 ;;
  aarch64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
# A tilde sorts before everything: a version that leads up to 1.0.0 is older than it.
number=$(echo "$version" | sed 's/-SNAPSHOT$/~snapshot/')
file=$dist/agent-runner_${number}_$machine.deb

root=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-deb.XXXXXX")
trap 'rm -rf "$root"' EXIT
trap 'exit 130' HUP INT TERM
chmod 755 "$root"
mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/usr/share/doc/agent-runner" "$root/DEBIAN"
cp -a "$folder" "$root/usr/lib/agent-runner"
ln -s ../lib/agent-runner/bin/agent-runner "$root/usr/bin/agent-runner"

# Each kind of file where Debian has it.
(cd "$root/usr/lib/agent-runner" && cp -a share/. "$root/usr/share/" && rm -rf share)
mkdir -p "$root/usr/share/zsh/vendor-completions"
mv "$root/usr/share/zsh/site-functions/_agent-runner" "$root/usr/share/zsh/vendor-completions/"
rmdir "$root/usr/share/zsh/site-functions"
if [ -d "$root/usr/share/man/man1" ]; then
  gzip -9n "$root"/usr/share/man/man1/*.1
fi
doc=$root/usr/share/doc/agent-runner
(cd "$root/usr/lib/agent-runner" && mv README.md THIRD-PARTY.txt licences example.config.yml tasks.example.yml examples "$doc/" \
  && gzip -9nc CHANGELOG.md >"$doc/changelog.gz" && rm CHANGELOG.md LICENSE)
cat >"$doc/copyright" <<EOF
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: agent-runner

Files: *
Copyright: the authors of agent-runner
License: Apache-2.0
 On Debian systems, the full text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.

Files: usr/lib/agent-runner/lib/*-all.jar
Copyright: the authors of the libraries named in THIRD-PARTY.txt
License: as listed in /usr/share/doc/agent-runner/THIRD-PARTY.txt

Files: usr/lib/agent-runner/runtime/*
Copyright: Oracle and/or its affiliates, and others
License: GPL-2.0-with-classpath-exception
 The full texts are in /usr/lib/agent-runner/runtime/legal.
EOF
find "$root/usr" -type d -exec chmod 755 {} +
find "$root/usr" -type f -perm /111 -exec chmod 755 {} +
find "$root/usr" -type f ! -perm /111 -exec chmod 644 {} +
find "$root/usr" -name '*.so' -exec chmod 644 {} +

cat >"$root/DEBIAN/control" <<EOF
Package: agent-runner
Version: $number
Architecture: $machine
Maintainer: The agent-runner developers <agent-runner@example.invalid>
Installed-Size: $(du -ks "$root/usr" | cut -f1)
Depends: libc6 (>= 2.17), zlib1g
Recommends: git
Suggests: bubblewrap
Section: devel
Priority: optional
Description: drives an LLM coding agent through a list of tasks
 Takes a list of coding tasks in YAML and drives an agent through it,
 unattended, until each task is verified done by the user's own hooks.
 Killed anywhere, it goes on where it was. Brings its own Java runtime.
EOF
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
chmod 755 "$root/DEBIAN"
find "$root" -exec touch -h -d "@$epoch" {} +

rm -f "$file"
if command -v dpkg-deb >/dev/null; then
  SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zxz -z1 --build "$root" "$file" >/dev/null
else
  parts=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-deb.XXXXXX")
  trap 'rm -rf "$root" "$parts"' EXIT
  archive() { tar --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -cf - "$@"; }
  echo 2.0 >"$parts/debian-binary"
  (cd "$root/DEBIAN" && archive .) | gzip -9n >"$parts/control.tar.gz"
  (cd "$root" && archive ./usr) | xz -1 >"$parts/data.tar.xz"
  (cd "$parts" && ar rcD "$file" debian-binary control.tar.gz data.tar.xz)
fi
