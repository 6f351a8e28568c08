#!/bin/sh
# package-descriptors.sh VERSION SUMS FOLDER HOME: fills the descriptions for Homebrew, Scoop and JBang in packaging/templates
# with a version, the digests of its files, as SHA256SUMS has them, and the address of the project, and writes them to FOLDER.
# Fails if a file that one of them names has no digest.
set -eu

version=$1
sums=$2
folder=$3
home=$4
project=$(cd "$(dirname "$0")/.." && pwd -P)

mkdir -p "$folder"
for template in "$project"/packaging/templates/*; do
  name=$(basename "$template")
  awk -v version="$version" -v sums="$sums" -v home="$home" '
    BEGIN { while ((getline line < sums) > 0) { split(line, part, /  ?\*?/); digest[part[2]] = part[1] } }
    {
      gsub(/@VERSION@/, version)
      gsub(/@HOME@/, home)
      while (match($0, /@SHA256:[^@]*@/)) {
        file = substr($0, RSTART + 8, RLENGTH - 9)
        if (!(file in digest)) { print "package-descriptors: no digest of " file > "/dev/stderr"; failed = 1; exit 1 }
        $0 = substr($0, 1, RSTART - 1) digest[file] substr($0, RSTART + RLENGTH)
      }
      print
    }
    END { exit failed }' "$template" >"$folder/$name.new" || {
    rm -f "$folder/$name.new"
    exit 1
  }
  mv "$folder/$name.new" "$folder/$name"
done
