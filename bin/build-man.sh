#!/bin/sh
# Writes the pages of the manual to target/man, one for each command: read them with man -l target/man/agent-runner.1, or put
# them where man looks. They are what the program says of itself.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd -P)

rm -rf "$project/target/man"
"$project/agent-runner" manual "$project/target/man"
