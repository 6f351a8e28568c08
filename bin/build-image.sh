#!/bin/sh
# Makes an image for containers of what bin/make-dist.sh has made, in target/dist: an OCI archive, which podman, docker and
# skopeo take. Needs no daemon; needs root and mmdebstrap, which has Debian's packages.
#
#   bin/build-image.sh [BASE]
#
# BASE is a tar of the system below, if there is one already; otherwise a small Debian with git, bubblewrap and certificates is
# made and kept in target/dist/base.tar.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd -P)
dist=$project/target/dist
set -- "${1:-$dist/base.tar}" "$dist"/agent-runner-*-linux-*.tar.gz
base=$1
[ -f "$2" ] || { echo "build-image: nothing there; make it with: bin/make-dist.sh" >&2 && exit 5; }
name=$(basename "$2" .tar.gz)
case $name in
  *-arm64) machine=arm64 ;;
  *) machine=amd64 ;;
esac
stamp=$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' "$project/pom.xml")

if [ ! -f "$base" ]; then
  mmdebstrap --mode=root --variant=minbase --include=git,bubblewrap,ca-certificates \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --aptopt='Acquire::Languages "none"' bookworm "$base.new"
  mv "$base.new" "$base"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/agent-runner-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
blobs=$work/image/blobs/sha256
mkdir -p "$blobs" "$work/root/opt" "$work/root/usr/local/bin" "$work/root/etc"

# The program, and a user of its own with a home that is kept.
tar -xzf "$2" -C "$work/root/opt"
mv "$work/root/opt/$name" "$work/root/opt/agent-runner"
ln -s ../../../opt/agent-runner/bin/agent-runner "$work/root/usr/local/bin/agent-runner"
tar -xOf "$base" ./etc/passwd >"$work/root/etc/passwd"
tar -xOf "$base" ./etc/group >"$work/root/etc/group"
echo 'runner:x:10001:10001:agent-runner:/data:/bin/sh' >>"$work/root/etc/passwd"
echo 'runner:x:10001:' >>"$work/root/etc/group"
mkdir "$work/data"

# Puts the file $1 among the blobs; sets $digest and $size.
blob() {
  digest=$(sha256sum "$1" | cut -d ' ' -f 1)
  size=$(($(wc -c <"$1")))
  mv "$1" "$blobs/$digest"
}

# Makes a layer of the tar on standard input; adds to $diffs and $layers.
diffs=
layers=
layer() {
  cat >"$work/layer.tar"
  diffs="${diffs:+$diffs, }\"sha256:$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)\""
  gzip -n -1 "$work/layer.tar"
  blob "$work/layer.tar.gz"
  type=application/vnd.oci.image.layer.v1.tar+gzip
  layers="${layers:+$layers, }{\"mediaType\": \"$type\", \"digest\": \"sha256:$digest\", \"size\": $size}"
}

layer <"$base"
tar --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="$stamp" -cf "$work/program.tar" -C "$work/root" etc opt usr
tar --format=gnu --owner=10001 --group=10001 --numeric-owner --mode=0750 --mtime="$stamp" -rf "$work/program.tar" -C "$work" data
layer <"$work/program.tar"

cat >"$work/config" <<EOF
{"created": "$stamp", "architecture": "$machine", "os": "linux",
 "config": {"User": "10001:10001", "ExposedPorts": {"8484/tcp": {}}, "Volumes": {"/data": {}}, "WorkingDir": "/data",
  "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/data", "LC_ALL=C.UTF-8"],
  "Entrypoint": ["agent-runner"], "StopSignal": "SIGTERM",
  "Cmd": ["serve", "--host", "0.0.0.0", "--db", "sqlite:/data/server.db"]},
 "rootfs": {"type": "layers", "diff_ids": [$diffs]}}
EOF
blob "$work/config"
config="{\"mediaType\": \"application/vnd.oci.image.config.v1+json\", \"digest\": \"sha256:$digest\", \"size\": $size}"
manifest=application/vnd.oci.image.manifest.v1+json
printf '{"schemaVersion": 2, "mediaType": "%s", "config": %s, "layers": [%s]}\n' "$manifest" "$config" "$layers" >"$work/manifest"
blob "$work/manifest"
printf '{"schemaVersion": 2, "manifests": [{"mediaType": "%s", "digest": "sha256:%s", "size": %s, "annotations": {"org.opencontainers.image.ref.name": "agent-runner"}}]}\n' \
  "$manifest" "$digest" "$size" >"$work/image/index.json"
echo '{"imageLayoutVersion": "1.0.0"}' >"$work/image/oci-layout"
tar --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="$stamp" -cf "$dist/$name.oci.tar" -C "$work/image" \
  oci-layout index.json blobs
echo "$dist/$name.oci.tar"
