#!/bin/sh
# Makes what people install, in target/dist: a folder that brings its own Java, the same as .tar.gz, as one executable file and
# as .deb, with a bill of materials, the licences of what is in it, and SHA256SUMS. Takes no arguments. The version is that of
# the pom. Run on the system it is for: the runtime and the class-data archives fit no other.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd -P)
dist=$project/target/dist
"$project/bin/build-dist.sh"
IFS= read -r jdk <"$dist/jdk"
IFS= read -r built <"$project/target/jars-made"
version=${built#agent-runner-}

case $(uname -s) in
  Linux) system=linux ;;
  Darwin) system=macos ;;
  *) echo "make-dist: not made on $(uname -s)" >&2 && exit 5 ;;
esac
case $(uname -m) in
  x86_64 | amd64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
name=agent-runner-$version-$system-$machine
folder=$dist/$name

# What is packed is as old as the pom says, whenever it was made.
stamp=$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' "$project/pom.xml")
epoch=$(date -u -d "$stamp" +%s 2>/dev/null || date -u -j -f %Y-%m-%dT%H:%M:%SZ "$stamp" +%s)

rm -rf "$folder" "$dist/$name".* "$dist"/*.deb "$dist"/sbom.json "$dist/SHA256SUMS"
mkdir -p "$folder/bin" "$folder/lib"

# What the classes refer to. java.desktop is asked for by paths of libraries that are never taken; signals and the
# provider of elliptic curves are found by name.
modules=$("$jdk/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps "$dist/$built-all.jar" \
  | tr , '\n' | grep -vx java.desktop | tr '\n' ,)jdk.unsupported,jdk.crypto.ec
"$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --output "$folder/runtime"

cp "$project/packaging/agent-runner" "$folder/bin/"
cp "$project/bin/start.sh" "$dist/agent-runner.jar" "$dist/$built-all.jar" "$folder/lib/"
cp "$project/LICENSE" "$project/README.md" "$project/CHANGELOG.md" "$project/example.config.yml" \
  "$project/tasks.example.yml" "$folder/"
mkdir -p "$folder/examples"
(cd "$project" && git ls-files examples 2>/dev/null || find examples -type f ! -path '*/work/*' ! -path '*/.agent-runner/[!c]*') \
  | (cd "$project" && tar -cf - -T -) | tar -xf - -C "$folder"

# As in the jar, so that an archive made from it holds after unpacking: the JVM compares time and size.
touch -d "@$epoch" "$folder"/lib/*.jar 2>/dev/null || touch -t "$(date -u -r "$epoch" +%Y%m%d%H%M.%S)" "$folder"/lib/*.jar
for kind in look run serve; do
  "$project/bin/make-archive.sh" "$folder/runtime" "$folder/lib/agent-runner.jar" "$folder/lib/$kind.jsa" \
    "$project/bin/archive.d/$kind" "$jdk" >>"$dist/build.log" 2>&1
done

for shell in bash zsh fish; do
  "$folder/bin/agent-runner" completion "$shell" >"$dist/completion.$shell"
done
mkdir -p "$folder/share/bash-completion/completions" "$folder/share/zsh/site-functions" \
  "$folder/share/fish/vendor_completions.d"
mkdir -p "$folder/share/agent-runner"
cp "$project/packaging/agent-runner.service" "$folder/share/agent-runner/"
mv "$dist/completion.bash" "$folder/share/bash-completion/completions/agent-runner"
{ echo "#compdef agent-runner" && cat "$dist/completion.zsh"; } >"$folder/share/zsh/site-functions/_agent-runner"
rm "$dist/completion.zsh"
mv "$dist/completion.fish" "$folder/share/fish/vendor_completions.d/agent-runner.fish"
if [ -x "$project/bin/build-man.sh" ]; then
  "$project/bin/build-man.sh" >>"$dist/build.log" 2>&1
fi
if ls "$project"/target/man/*.1 >/dev/null 2>&1; then
  mkdir -p "$folder/share/man/man1"
  cp "$project"/target/man/*.1 "$folder/share/man/man1/"
fi

# In a release the plugin is fetched once; where it cannot be, what was made before, if anything, is not passed off as new.
rm -f "$project/target/sbom.json"
JAVA_HOME=$jdk "$project/mvnw" -q -B -ntp -f "$project/pom.xml" -Psbom cyclonedx:makeBom >>"$dist/build.log" 2>&1 || {
  echo "make-dist: the bill of materials could not be made; see $dist/build.log" >&2
  exit 5
}
cp "$project/target/sbom.json" "$dist/$name.sbom.json"
"$jdk/bin/java" -cp "$dist/$built-all.jar" "$project/packaging/ThirdParty.java" "$dist/$name.sbom.json" \
  >"$folder/THIRD-PARTY.txt"
# The texts that the libraries bring; one jar of all of them can hold each name only once.
rm -rf "$project/target/libraries"
JAVA_HOME=$jdk "$project/mvnw" -q -B -ntp -f "$project/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
  -DoutputDirectory="$project/target/libraries" >>"$dist/build.log" 2>&1
for jar in "$project"/target/libraries/*.jar; do
  texts=$("$jdk/bin/jar" tf "$jar" | grep -iE '^(META-INF/)?([A-Za-z-]*LICENSE|[A-Za-z-]*NOTICE|about)(\.[a-z]+)?$') || continue
  mkdir -p "$folder/licences/$(basename "$jar" .jar)"
  # shellcheck disable=SC2086 # a name each
  (cd "$folder/licences/$(basename "$jar" .jar)" && "$jdk/bin/jar" xf "$jar" $texts)
done

# Sorted, owned by nobody in particular, of one time: the same files give the same bytes.
find "$folder" -exec touch -h -d "@$epoch" {} + 2>/dev/null || :
pack() {
  (cd "$dist" && find "$name" -print | LC_ALL=C sort \
    | tar --no-recursion --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -cf - -T -)
}
pack | gzip -n >"$dist/$name.tar.gz"

digest=$(sha256sum "$dist/$name.tar.gz" | cut -c1-16)
lines=$(($(wc -l <"$project/packaging/one-file.sh") + 1))
sed -e "s/@DIGEST@/$version-$digest/" -e "s/@LINES@/$lines/" -e "s/@NAME@/$name/" "$project/packaging/one-file.sh" \
  | cat - "$dist/$name.tar.gz" >"$dist/$name.run"
chmod +x "$dist/$name.run"

if [ "$system" = linux ]; then
  "$project/bin/make-deb.sh" "$folder" "$version" "$epoch"
fi
(cd "$dist" && sha256sum "$name.tar.gz" "$name.run" "$name.sbom.json" $(ls ./*.deb 2>/dev/null) | sed 's: \./: :' >SHA256SUMS)
cat "$dist/SHA256SUMS"
